import Networks
import PacketSimulation
import Randomness

/// Settings of `backpressure`.
public struct BackpressureConfiguration: AlgorithmConfiguration {
  /// Weight of the distance (ticks to the destination) against packets of queue; 0 is plain
  /// backpressure; 0…1000; default 1.
  public var bias = 1.0

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    [
      .number(
        "bias", \.bias, 0...1000,
        "Packets of queue that one tick of distance is worth; 0 is plain backpressure.")
    ]
  }
}

/// Sends the head packet to the neighbour with the shortest queue and the shortest way on.
///
/// ```swift
/// let policy = Backpressure(scenario: scenario)
/// ```
///
/// ## Method
/// `a = argmin_a queue(target(a)) + bias · (latency(a) + distance(target(a), d))`: the largest
/// differential backlog with a distance bias. With one queue per router (not one per destination)
/// the router's own queue is the same for every neighbour and drops out; the destination itself has
/// no queue. Ties are broken at random, so that plain backpressure is a random walk when all is
/// empty.
///
/// - Source: Tassiulas, Ephremides (1992), *Stability properties of constrained queueing systems*,
///   IEEE TAC 37(12); distance bias: Neely, Modiano, Rohrs (2005), *Dynamic power allocation and
///   routing for time-varying wireless networks*, IEEE JSAC 23(1), section IV-D.
/// - Differs: one queue per router instead of one per destination, as the simulated routers have;
///   a packet is always sent, also against the gradient.
/// - Shapes: distances `[router][destination]`.
/// - Randomness: one number per decision with a tie.
/// - Complexity: O(degree) a decision.
/// - Verified: `BackpressureTests`.
/// - Algorithm: backpressure | Tassiulas & Ephremides, 1992 | section IV | exact check passed
public struct Backpressure: RoutingPolicy {
  public let requirements = WorldRequirements(queueHistory: true)
  public var controlBytesPerTick: Int { ControlMessage.queueLength * targets.count }
  private let routerCount: Int
  private let firstArc: [Int]
  private let targets: [Int]
  /// Latency and distance beyond, `[arc * routerCount + destination]`, weighted.
  private let biases: [Double]

  public init(scenario: Scenario, configuration: BackpressureConfiguration = .init()) {
    let topology = scenario.topology
    let paths = scenario.shortestPaths()
    let n = topology.routerCount
    routerCount = n
    firstArc = topology.firstArc
    targets = topology.arcs.map(\.target.index)
    biases = topology.arcs.flatMap { arc in
      (0..<n).map { destination in
        let beyond = paths.distance(from: arc.target, to: RouterID(destination))
        return configuration.bias == 0
          ? 0 : configuration.bias * (Double(scenario.latencies[arc.link.index]) + beyond)
      }
    }
  }

  public func decide(_ batch: DecisionBatch, in world: PacketWorld) {
    for index in 0..<batch.count {
      let destination = Int(batch.destinations[index])
      guard destination >= 0 else { continue }
      let replica = Int(batch.replicas[index])
      let router = Int(batch.routers[index])
      var best = Double.infinity
      var ties = 0
      for arc in firstArc[router]..<firstArc[router + 1] {
        let queue =
          targets[arc] == destination ? 0 : world.observedQueueLength(replica: replica, arc: arc)
        let cost = Double(queue) + biases[arc * routerCount + destination]
        if cost < best {
          best = cost
          ties = 1
          batch.choices[index] = Int32(arc - firstArc[router])
        } else if cost == best {
          // The k-th of equals replaces the choice with probability 1/k: all are equally likely.
          ties += 1
          if batch.streams[replica].integer(below: ties) == 0 {
            batch.choices[index] = Int32(arc - firstArc[router])
          }
        }
      }
    }
  }
}
