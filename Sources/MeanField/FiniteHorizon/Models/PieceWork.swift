import Dispatch
import Synchronization

/// Pieces of a state space, handed to several workers. The caller waits for all of them, and pieces
/// write to disjoint places: that is why the closure may cross threads.
///
/// Workers take the next piece when they are done with one, so that a worker whose core is busy with
/// something else holds up nobody; who takes which piece changes no number.
final class PieceWork: @unchecked Sendable {
  /// States per piece; fixed, so that no result depends on the threads.
  static let size = 8192

  private let count: Int
  private let body: (Range<Int>) -> Void
  private let taken = Atomic<Int>(0)

  private init(count: Int, body: @escaping (Range<Int>) -> Void) {
    self.count = count
    self.body = body
  }

  /// Calls `body` for consecutive pieces of `0..<count` on at most so many threads; a small count is
  /// one piece on the calling thread.
  static func run(_ count: Int, threads: Int, _ body: (Range<Int>) -> Void) {
    if count <= size { return body(0..<count) }
    let workers = min(threads, (count + size - 1) / size)
    if workers == 1 {
      for start in stride(from: 0, to: count, by: size) { body(start..<min(count, start + size)) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let work = PieceWork(count: count, body: body)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in work.takePieces() }
    }
  }

  private func takePieces() {
    while true {
      let start = taken.wrappingAdd(Self.size, ordering: .relaxed).oldValue
      if start >= count { return }
      body(start..<min(count, start + Self.size))
    }
  }
}
