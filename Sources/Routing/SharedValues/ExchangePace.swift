import Networks

/// When each router works out its values anew and tells them: by its own changes and what it hears,
/// each by a clock of its own.
///
/// ## Method
/// After an exchange that changed a router's values by a share r on the mean, the next one comes after
/// `interval · min(1, restless / r)` ticks, but not before `interval / hurry`; and so much sooner where a
/// neighbour tells that it changed by r, or that its price did: the pace of news follows its weight. News
/// of a link makes a router watchful for some time: it then works its values out as soon as a neighbour
/// told new ones, and tells them if one of them changed by more than it takes to move a choice (a
/// *triggered update*).
///
/// - Source: Malkin (1998), *RIP version 2*, RFC 2453, section 3.10.1 (triggered updates).
/// - Shapes: all `[router]`.
struct ExchangePace: Sendable {
  /// While values still change, exchanges come up to so many times as often.
  static let hurry = 200
  /// The mean relative change of values above which they do.
  static let restless: Float = 0.005

  private let interval: Int
  private let least: Int
  private let watch: Int
  /// Ticks until the next exchange.
  private var remaining: [Int]
  /// Ticks for which a router stays watchful.
  private var watchful: [Int]
  private var isRoused: [Bool]

  /// - Parameters:
  ///   - interval: ticks between two exchanges of a router at rest.
  ///   - greatestAge: ticks that the oldest message takes over a link.
  init(routerCount n: Int, interval: Int, greatestAge: Int) {
    self.interval = interval
    least = max(1, interval / Self.hurry)
    watch = 100 + 4 * greatestAge
    // Not all at once: clocks of routers are not set by each other.
    let least = least
    remaining = (0..<n).map { 1 + $0 % least }
    watchful = [Int](repeating: 0, count: n)
    isRoused = [Bool](repeating: false, count: n)
  }

  /// A tick passes; returns whether a router is to work out its values, and whether because of its clock.
  @inline(__always)
  mutating func pass(_ router: Int) -> (isDue: Bool, byClock: Bool) {
    remaining[router] -= 1
    if watchful[router] > 0 { watchful[router] -= 1 }
    let roused = isRoused[router]
    isRoused[router] = false
    return (roused || remaining[router] <= 0, remaining[router] <= 0)
  }

  /// A router told its values, which changed by a share of their mean.
  mutating func told(_ router: Int, change: Float) {
    remaining[router] = ticks(change)
  }

  private func ticks(_ change: Float) -> Int {
    let pace = min(1, Self.restless / max(change, 1e-9))
    return max(least, Int(Float(interval) * pace))
  }

  /// A router hears of a link that died or came back.
  mutating func alert(_ router: Int) {
    watchful[router] = watch
    isRoused[router] = true
  }

  /// A neighbour told a router its values, which changed by a share of their mean.
  @inline(__always)
  mutating func hear(_ router: Int, change: Float) {
    if watchful[router] > 0 { isRoused[router] = true }
    notice(router, change: change)
  }

  /// Something changed that moves a router's values by about such a share.
  @inline(__always)
  mutating func notice(_ router: Int, change: Float) {
    remaining[router] = min(remaining[router], ticks(change))
  }

  var named: [LearnerState.Table] {
    [
      .init("untilExchange", remaining.map(Float.init)),
      .init("watchful", watchful.map(Float.init)), .init("roused", isRoused.map { $0 ? 1 : 0 }),
    ]
  }

  mutating func restore(_ state: LearnerState) throws(InputError) {
    remaining = try state.table("untilExchange", count: remaining.count).map(LearnerState.count)
    watchful = try state.table("watchful", count: watchful.count).map(LearnerState.count)
    isRoused = try state.table("roused", count: isRoused.count).map { $0 > 0 }
  }
}
