import Networks
import Randomness

/// What a decision maker needs the world to keep beside queues and links.
public struct WorldRequirements: Sendable, Hashable {
  /// Record `PacketEvent`s for every tick.
  public var events: Bool
  /// How many past actions to keep per router, newest first.
  public var pastActions: Int
  /// Keep a history of queue lengths, so that neighbours can be read with an age.
  public var queueHistory: Bool
  /// Remember in which of the last 64 ticks each arc was used.
  public var recentSends: Bool

  public init(
    events: Bool = false, pastActions: Int = 0, queueHistory: Bool = false,
    recentSends: Bool = false
  ) {
    self.events = events
    self.pastActions = pastActions
    self.queueHistory = queueHistory
    self.recentSends = recentSends
  }
}

/// A frozen rule for choosing next hops: no state of its own, evaluated for all replicas at once.
///
/// The same policy gives the same choices for a replica however many others share its batch.
public protocol RoutingPolicy: Sendable {
  var requirements: WorldRequirements { get }
  /// Writes a neighbour slot into `batch.choices` for every decision of the batch.
  ///
  /// Random draws come from `batch.streams[replica]` only, in the order of the batch.
  func decide(_ batch: DecisionBatch, in world: PacketWorld)
  /// Bytes that all routers together tell each other in a tick so that each can decide; 0 for a rule
  /// that needs nothing from neighbours.
  var controlBytesPerTick: Int { get }
}

extension RoutingPolicy {
  public var requirements: WorldRequirements { WorldRequirements() }
  public var controlBytesPerTick: Int { 0 }
}

/// What a control message takes, in bytes; one place, so that algorithms count alike.
///
/// Counted is what routers tell each other over links, in both directions, headers apart.
public enum ControlMessage {
  /// A number: a value, a cost, an estimate.
  public static let number = 4
  /// The name of a router, where a number belongs to one.
  public static let router = 2
  /// A queue length: every router tells every neighbour in every tick.
  public static let queueLength = 2
  /// A share, in steps of 1/255.
  public static let share = 1
  /// Whether a packet was just sent to a neighbour that goes on from there, told ahead of the packet.
  public static let sendNotice = 1
}

/// A rule that changes as it goes; it drives a world of one replica.
public protocol RoutingLearner {
  var requirements: WorldRequirements { get }
  /// Called after each reset of the world, before its first tick.
  mutating func beginEpisode(in world: PacketWorld)
  /// Writes a neighbour slot into `batch.choices` for every decision of the batch.
  mutating func decide(_ batch: DecisionBatch, in world: PacketWorld)
  /// Called at the end of every tick; `world.events` holds what happened in it.
  mutating func observe(tick: Int, in world: PacketWorld)
  /// Called after the last tick of an episode.
  mutating func endEpisode(in world: PacketWorld)
  /// Bytes of control messages that routers told each other since the learner was made.
  var controlBytes: Int { get }
}

extension RoutingLearner {
  public mutating func beginEpisode(in world: PacketWorld) {}
  public mutating func endEpisode(in world: PacketWorld) {}
  public var controlBytes: Int { 0 }
}

/// The routers that must choose a neighbour in this tick, over all replicas.
///
/// Ordered by replica, then by router. Valid until the tick is finished.
///
/// - Shapes: all pointers have `count` elements except `streams`, which has one per replica.
public struct DecisionBatch {
  public let count: Int
  public let replicas: UnsafePointer<Int32>
  public let routers: UnsafePointer<Int32>
  /// Destination of the head packet; −1 for a blind decision (empty queue, `published` order only).
  public let destinations: UnsafePointer<Int32>
  /// Out: the neighbour slot chosen, 0 ..< degree of the router.
  public let choices: UnsafeMutablePointer<Int32>
  /// The decision maker's own random streams, apart from the environment's.
  public let streams: UnsafeMutablePointer<RandomStream>
}

/// Something that happened to a packet in the current tick.
public struct PacketEvent: Sendable, Hashable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// Born at `router` and queued there.
    case generated
    /// Left the queue of `router` over `arc`, after `wait` ticks in it.
    case forwarded
    /// Arrived over `arc` at `router`, which is not its destination, and was queued there.
    case received
    /// Arrived over `arc` at its destination `router`.
    case delivered
    /// Gone for good at or on the way from `router`; `arc` is −1 where no arc was involved.
    case lost
  }
  public var kind: Kind
  public var lossCause: LossCause
  public var replica: Int32
  public var router: Int32
  public var arc: Int32
  /// Identifies the packet from birth to delivery or loss; reused afterwards.
  public var packet: Int32
  public var source: Int32
  public var destination: Int32
  /// `forwarded`, and `lost` from a queue: ticks spent in that queue.
  public var wait: Int32
  /// Tick of birth (−1 or less for packets present at the start).
  public var created: Int32
}

/// Why a packet was lost.
public enum LossCause: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  case none
  /// It was on a link at the moment the link failed.
  case inFlightAtFailure
  /// It was sent into a link that was down.
  case failedLink
  /// The link had no capacity left for it.
  case capacity
  /// The queue that it came to was full.
  case bufferOverflow
  /// It had crossed as many links as it may.
  case timeToLive
}
