import Experiments
import Foundation
import Synchronization

/// A progress bar with the remaining time on standard error, for jobs longer than two seconds.
///
/// Draws nothing where standard error is no terminal.
package final class TerminalProgress: ProgressObserver {
  private struct State {
    var label = ""
    var started: ContinuousClock.Instant?
    var lastDrawn: ContinuousClock.Instant?
    var isVisible = false
  }
  private let state = Mutex(State())
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private static let patience = Duration.seconds(2)
  private static let interval = Duration.milliseconds(100)

  package init() {}

  package func progress(_ label: String, completed: Int, total: Int) {
    guard isTerminal, total > 0 else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      if completed >= total {
        Self.erase(&state)
        state.started = nil
        return
      }
      if state.started == nil || completed == 0 { state.started = now }
      guard let started = state.started, now - started > Self.patience else { return }
      if let last = state.lastDrawn, now - last < Self.interval { return }
      state.lastDrawn = now
      state.isVisible = true
      Self.write(Self.line(label, completed, total, elapsed: now - started))
    }
  }

  /// Removes the bar, so that what is printed next stands on a clean line.
  package func clear() { state.withLock { Self.erase(&$0) } }

  private static func erase(_ state: inout State) {
    if state.isVisible { write("\r\u{1B}[K") }
    state.isVisible = false
  }

  package static func line(
    _ label: String, _ completed: Int, _ total: Int, elapsed: Duration
  ) -> String {
    let share = Double(completed) / Double(total)
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let remaining = completed > 0 ? seconds / share - seconds : nil
    let width = 24
    let filled = Int((share * Double(width)).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let percent = "\(Int(share * 100)) %"
    let left = remaining.map { "\(clock($0)) left" } ?? "…"
    return "\r\u{1B}[K\(bar) \(percent)  \(left)  \(label.shortened)"
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 1e7))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
