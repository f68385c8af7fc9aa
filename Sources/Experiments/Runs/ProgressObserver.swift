/// Hears how far a job is. Libraries call it and never print; the command line draws a bar.
///
/// Calls may come from any thread, and must return quickly.
public protocol ProgressObserver: Sendable {
  /// - Parameters:
  ///   - label: what is being done ("q-routing at load 0.25").
  ///   - completed: pieces done, from 0 to `total`; the job is over when they are equal.
  ///   - total: pieces of the whole job.
  func progress(_ label: String, completed: Int, total: Int)
}

/// Hears nothing.
public struct SilentProgress: ProgressObserver {
  public init() {}
  public func progress(_ label: String, completed: Int, total: Int) {}
}
