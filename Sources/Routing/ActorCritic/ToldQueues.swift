/// What neighbours were told of a router's queue: its cost by the queue that a sender sees, and the mean.
///
/// Routers announce every `interval` ticks; who hears an announcement late decides by an earlier one
/// meanwhile, so the last few are kept. A learner may add further numbers of each router, such as its
/// price.
///
/// - Shapes: `costs[(version % kept) * routers * bins + router * bins + bin]`, `further` likewise.
struct ToldQueues: Sendable {
  /// Ticks between two announcements of a router.
  static let interval = 50

  private let routerCount: Int
  /// Announcements kept.
  private let kept: Int
  private(set) var costs: [Float]
  private(set) var means: [Float]
  private(set) var further: [Float]

  /// - Parameter furtherNumbers: how many numbers a learner adds per router.
  init(routerCount: Int, greatestAge: Int, furtherNumbers: Int = 0) {
    self.routerCount = routerCount
    kept = (greatestAge + Self.interval - 1) / Self.interval + 1
    costs = [Float](repeating: 0, count: kept * routerCount * QueueBins.count)
    means = [Float](repeating: 0, count: kept * routerCount)
    further = [Float](repeating: 0, count: kept * routerCount * furtherNumbers)
  }

  /// Where what is known at the decisions of a tick stands, heard at an age: times `routerCount` in
  /// `means`, times `routerCount * QueueBins.count` in `costs`.
  @inline(__always)
  func version(tick: Int, age: Int) -> Int {
    kept == 1 ? 0 : (max(tick - age, 0) / Self.interval) % kept
  }

  @inline(__always)
  func cost(version: Int, router: Int, bin: Int) -> Float {
    costs[(version * routerCount + router) * QueueBins.count + bin]
  }

  @inline(__always)
  func mean(version: Int, router: Int) -> Float { means[version * routerCount + router] }

  /// Stores what is announced at the end of a tick, to be known from the next one on; −1: before the
  /// first tick of an episode.
  mutating func announce(
    costs newCosts: [Float], means newMeans: [Float], further newNumbers: [Float] = [], tick: Int
  ) {
    let version = version(tick: tick + 1, age: 0)
    Self.store(newCosts, version, in: &costs)
    Self.store(newMeans, version, in: &means)
    Self.store(newNumbers, version, in: &further)
  }

  private static func store(_ numbers: [Float], _ version: Int, in ring: inout [Float]) {
    ring.replaceSubrange(version * numbers.count..<(version + 1) * numbers.count, with: numbers)
  }
}
