import Dispatch
import Synchronization

/// The results of `piece(0) … piece(count − 1)`, in this order, computed on up to `threads` threads.
///
/// Which thread does which piece depends on timing; what a piece computes never does.
package func concurrentMap<Result: Sendable>(
  count: Int, threads: Int, _ piece: @Sendable (Int) -> Result
) -> [Result] {
  let workers = min(threads, count)
  guard workers > 1 else { return (0..<count).map(piece) }
  let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result = piece(index)
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0.compactMap(\.self) }
}
