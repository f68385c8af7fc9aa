import Foundation
import Synchronization

/// Maps fixed pieces of work over threads, and joins the results by index.
///
/// ```swift
/// let squares = try ParallelMap(threads: 2).map(count: 4) { index in index * index }
/// ```
///
/// Which thread does which piece depends on timing; what a piece computes and where its result
/// stands never does. A piece must draw only from its own streams.
public struct ParallelMap: Sendable {
  public let threads: Int
  private let observer: any ProgressObserver
  private let label: String

  /// - Parameter threads: at least 1; more than there are pieces are not started.
  public init(
    threads: Int, observer: any ProgressObserver = SilentProgress(), label: String = ""
  ) {
    precondition(threads >= 1, "ParallelMap(threads: \(threads)): at least one is needed")
    self.threads = threads
    self.observer = observer
    self.label = label
  }

  /// The results of `piece(0) … piece(count − 1)`, in this order.
  ///
  /// - Throws: the error of the failing piece with the lowest index among those that ran; pieces
  ///   that have not begun by then are dropped.
  public func map<Result: Sendable>(
    count: Int, _ piece: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let board = Board<Result>(count: count)
    observer.progress(label, completed: 0, total: count)
    let workers = Swift.min(threads, count)
    if workers <= 1 {
      work(board, count, piece)
    } else {
      DispatchQueue.concurrentPerform(iterations: workers) { _ in work(board, count, piece) }
    }
    return try board.collect()
  }

  private func work<Result: Sendable>(
    _ board: Board<Result>, _ count: Int, _ piece: @Sendable (Int) throws -> Result
  ) {
    while let index = board.claim() {
      let outcome = Swift.Result { try piece(index) }
      let done = board.store(outcome, at: index)
      observer.progress(label, completed: done, total: count)
    }
  }
}

/// Hands out indices and keeps results; the only state that the threads share.
private final class Board<Value: Sendable>: Sendable {
  private struct State {
    var next = 0
    var done = 0
    var failed = false
    var outcomes: [Result<Value, any Error>?]
  }
  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(outcomes: Array(repeating: nil, count: count)))
  }

  func claim() -> Int? {
    state.withLock { state in
      guard state.next < state.outcomes.count, !state.failed else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func store(_ outcome: Result<Value, any Error>, at index: Int) -> Int {
    state.withLock { state in
      if case .failure = outcome { state.failed = true }
      state.outcomes[index] = outcome
      state.done += 1
      return state.done
    }
  }

  func collect() throws -> [Value] {
    let outcomes = state.withLock { $0.outcomes }
    for case .failure(let error)? in outcomes { throw error }
    return try outcomes.compactMap { try $0?.get() }
  }
}
