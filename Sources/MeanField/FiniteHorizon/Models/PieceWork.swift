import Dispatch

/// Pieces of a state space, handed to several workers. The caller waits for all of them, and pieces
/// write to disjoint places: that is why the closure may cross threads.
struct PieceWork: @unchecked Sendable {
  /// States per piece; fixed, so that no result depends on the threads.
  static let size = 8192

  private let count: Int
  private let body: (Range<Int>) -> Void

  /// Calls `body` for consecutive pieces of `0..<count` on at most so many threads; a small count is
  /// one piece on the calling thread.
  static func run(_ count: Int, threads: Int, _ body: (Range<Int>) -> Void) {
    if count <= size { return body(0..<count) }
    let workers = min(threads, (count + size - 1) / size)
    withoutActuallyEscaping(body) { body in
      let work = PieceWork(count: count, body: body)
      if workers == 1 { return work.take(worker: 0, of: 1) }
      DispatchQueue.concurrentPerform(iterations: workers) { work.take(worker: $0, of: workers) }
    }
  }

  private func take(worker: Int, of workers: Int) {
    let pieces = (count + Self.size - 1) / Self.size
    for piece in stride(from: worker, to: pieces, by: workers) {
      body(piece * Self.size..<min(count, (piece + 1) * Self.size))
    }
  }
}
