/// The rules of the packet world: two presets, and every rule on its own.
///
/// ```swift
/// var model = SimulationModel.standard
/// model.bufferLimit = 64
/// ```
///
/// ## Time convention
/// A tick is one step in which every router forwards at most one packet. A packet sent at tick `t`
/// over latency `L` completes at the end of tick `t + L` and can be forwarded at `t + L + 1`. Delay
/// is delivery tick − creation tick. In `standard` a tick is: link failures and repairs; arrivals;
/// observations and decisions; forwarding in router order; completions. In `published` decisions
/// come before arrivals, so a packet born into an empty queue is forwarded by an action that was
/// chosen without seeing it.
///
/// - Source: the released program of the MAMRL paper (`published`); `standard` corrects it.
public struct SimulationModel: Codable, Hashable, Sendable {
  /// How packets enter the network. Default `poisson`.
  public var arrivals: ArrivalLaw
  /// Decisions are made before the tick's arrivals are seen (the released order). Default `false`.
  public var decidesBeforeArrivals: Bool
  /// Packets in each router's queue at tick 0, created at tick −1. 0…10,000; default 0 (released: 5;
  /// its baselines: 3).
  public var initialQueue: Int
  /// Packets per router that are under way at tick 0, the h-th with h ticks to go. 0…64; default 0
  /// (released: 8).
  public var initialInFlight: Int
  /// Whether links have finite capacity pools at all. Default `false`.
  public var limitsLinks: Bool
  /// One pool for both directions of an undirected link (released) or one each. Default `false`.
  public var sharesLinkCapacity: Bool
  /// A packet is lost when free capacity ≤ its size (released) instead of < its size. Default
  /// `false`.
  public var losesAtEqualCapacity: Bool
  /// Packets that a queue holds at most; a packet more is lost. ≥ 1; default nil, no limit.
  public var bufferLimit: Int?
  /// Links that a packet crosses at most; it is lost instead of one more. ≥ 1; default nil, no limit.
  public var timeToLive: Int?
  /// What size packets have. Default `unit`.
  public var packetSize: PacketSizeLaw
  /// How old everything is that a router hears from a neighbour when it reads it: queue lengths, and
  /// the values, cost tables, prices and news of failures that learners tell. Default `now`.
  public var observationAge: ObservationAge

  public enum ArrivalLaw: String, Codable, Hashable, Sendable, CaseIterable {
    /// A Poisson number per router and tick.
    case poisson
    /// At most one packet per router and tick, with probability 1 − exp(−λk), k = ticks since the
    /// router's last one (the released program).
    case growingHazard
  }

  public enum PacketSizeLaw: String, Codable, Hashable, Sendable, CaseIterable {
    /// Every packet has size 1.
    case unit
    /// A random row of the demand file that the scenario carries.
    case demandRows
    /// Lognormal with the pair's parameters, which the scenario carries.
    case lognormal
  }

  /// The corrected model.
  public static let standard = SimulationModel(
    arrivals: .poisson, decidesBeforeArrivals: false, initialQueue: 0, initialInFlight: 0,
    limitsLinks: false, sharesLinkCapacity: false, losesAtEqualCapacity: false, bufferLimit: nil,
    timeToLive: nil, packetSize: .unit, observationAge: .now)

  /// The released program's model.
  public static let published = SimulationModel(
    arrivals: .growingHazard, decidesBeforeArrivals: true, initialQueue: 5, initialInFlight: 8,
    limitsLinks: true, sharesLinkCapacity: true, losesAtEqualCapacity: true, bufferLimit: nil,
    timeToLive: nil, packetSize: .lognormal, observationAge: .now)
}
