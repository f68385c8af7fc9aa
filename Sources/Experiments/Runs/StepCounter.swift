import Synchronization

/// Counts steps that several threads make, and tells an observer.
public final class StepCounter: Sendable {
  private let label: String
  private let total: Int
  private let observer: any ProgressObserver
  private let done = Mutex(0)

  public init(label: String, total: Int, observer: any ProgressObserver) {
    self.label = label
    self.total = total
    self.observer = observer
    if total > 0 { observer.progress(label, completed: 0, total: total) }
  }

  public func advance(by steps: Int = 1) {
    let count = done.withLock { count in
      count += steps
      return count
    }
    observer.progress(label, completed: Swift.min(count, total), total: total)
  }
}
