import Flows
import Networks

/// The mean-field routing game: commodities on a network, every packet or vehicle choosing its own
/// path, delays that grow with the traffic.
///
/// ```swift
/// let game = try RoutingGame.load(topology: "b4", traffic: "uniform", load: 0.3, latency: .queues)
/// let answer = game.solve()
/// answer.priceOfAnarchy
/// ```
///
/// It is the static mean-field game whose players are the infinitely many units of each demand; its
/// equilibrium is Wardrop's. With `latency: .queues` the delays are those of the packet simulator
/// (one packet served a tick by each router, ticks on links), so that `simulate` can be set beside it.
///
/// - Source: Wardrop (1952); Cabannes et al. (2021), arXiv 2110.11943, section 2, for the mean-field
///   view; `WardropEquilibrium` for the method.
/// - Differs: static flows; `DynamicRouting` is the game in time.
/// - Verified: `RoutingGameTests`, `WardropEquilibriumTests`.
public struct RoutingGame: CataloguedGame {
  /// Where the delay comes from.
  public enum Latency: String, Sendable, CaseIterable, Codable {
    /// Link time `free · (1 + .15 (flow/capacity)⁴)`.
    case publicRoads = "public-roads"
    /// Ticks on links plus the wait at each router.
    case queues
  }

  public let name: String
  public let network: FlowNetwork
  /// `[source * routerCount + destination]`.
  public let demands: [Double]
  private let roads: PublicRoadsLatency?
  private let queues: RouterQueueLatency?

  /// A game from parts, with latencies of links.
  public init(name: String, network: FlowNetwork, demands: [Double], roads: PublicRoadsLatency) {
    self.name = name
    self.network = network
    self.demands = demands
    self.roads = roads
    queues = nil
  }

  /// A game from parts, with queues at the routers.
  public init(name: String, network: FlowNetwork, demands: [Double], queues: RouterQueueLatency) {
    self.name = name
    self.network = network
    self.demands = demands
    self.queues = queues
    roads = nil
  }

  /// A game on any topology that can be read, or on one of the classical ones.
  ///
  /// - Parameters:
  ///   - topology: a built-in network, a file, `braess` or `sioux-falls-like`.
  ///   - traffic: `uniform`, or a file with demands.
  ///   - load: packets a tick and source router, on average.
  /// - Throws: `InputError` for what cannot be read.
  public static func load(
    topology: String, traffic: String = "uniform", load: Double, latency: Latency,
    horizon: Int = 500
  ) throws(InputError) -> RoutingGame {
    if let classic = ClassicRoutingGames.named(topology) { return classic }
    let loaded = try TopologyCatalogue.load(topology)
    let matrix: TrafficMatrix
    if traffic == "uniform" {
      matrix = .uniform(routerCount: loaded.topology.routerCount)
    } else {
      let demands = try DemandCatalogue.load(traffic, for: loaded.topology)
      guard let first = demands.traffic else {
        throw InputError(file: traffic, expected: "there are no demands in it")
      }
      matrix = first
    }
    let network = FlowNetwork(loaded.topology)
    let links = SimulationUnits().links(of: loaded.topology)
    let ticks = loaded.topology.arcs.map { Double(links.latencyTicks[$0.link.index]) }
    let rates = matrix.packetRates(meanPerRouter: load)
    switch latency {
    case .queues:
      return RoutingGame(
        name: topology, network: network, demands: rates,
        queues: RouterQueueLatency(latency: ticks, backlog: QueueBacklog(horizon: horizon)))
    case .publicRoads:
      let arcs = ticks.count
      return RoutingGame(
        name: topology, network: network, demands: rates,
        roads: PublicRoadsLatency(
          free: ticks.map { $0 + 1 }, factor: [Double](repeating: 0.15, count: arcs),
          capacity: [Double](repeating: 1, count: arcs), power: [Double](repeating: 4, count: arcs)
        ))
    }
  }

  /// Equilibrium and system optimum.
  public func solve(_ configuration: ConvexFlowConfiguration = WardropEquilibrium.accurate)
    -> WardropEquilibrium
  {
    if let roads {
      return WardropEquilibrium(
        network, demands: demands, latency: roads, configuration: configuration)
    }
    let queues =
      queues
      ?? RouterQueueLatency(
        latency: [Double](repeating: 0, count: network.arcCount),
        backlog: QueueBacklog(horizon: 1))
    return WardropEquilibrium(
      network, demands: demands, queues: queues, configuration: configuration)
  }
}
