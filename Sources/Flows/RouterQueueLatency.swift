/// What a packet of the simulator waits: the ticks on an arc, one tick of service, and its mean share
/// of the backlog of the router that sends it.
///
/// ## Method
/// By Little's law a router of load ρ with mean backlog F(ρ) makes a packet wait `F(ρ)/ρ` ticks.
/// - The selfish cost charges `latency + 1 + F(ρ)/ρ`; its potential needs `∫ F(x)/x dx`, taken by the
///   five-point Gauss rule over cells of 1/64.
/// - The optimum charges what one packet more costs all: `latency + 1 + F′(ρ)` (`DelayCost`).
/// - A packet that never waits is sent in the very tick of its creation, and after an arc of latency L
///   in the tick L + 1 later: h hops take `Σ L + h − 1` ticks from creation to delivery. Charging
///   `L + 1` for every hop counts one tick too many for each packet (`timePerPacket`), whatever its path.
///
/// - Source: Little (1961), *A proof for the queuing formula L = λW*; `QueueBacklog` for F.
/// - Differs: None known.
/// - Verified: `WardropEquilibriumTests`.
public struct RouterQueueLatency: Sendable {
  /// Ticks on each arc, `[arc]`.
  public let latency: [Double]
  public let backlog: QueueBacklog
  /// What is added to the charges along a packet's path to give its delay: −1.
  public static let timePerPacket = -1.0
  private let potential: [Double]
  private static let cellWidth = 1.0 / 64
  private static let tableEnd = 4.0

  public init(latency: [Double], backlog: QueueBacklog) {
    self.latency = latency
    self.backlog = backlog
    var sums = [0.0]
    let cells = Int(Self.tableEnd / Self.cellWidth)
    for cell in 0..<cells {
      let from = Double(cell) * Self.cellWidth
      sums.append(
        (sums.last ?? 0) + Self.integral(backlog, from: from, to: from + Self.cellWidth))
    }
    potential = sums
  }

  /// Mean wait of a packet at a router of the given load, in ticks.
  public func wait(_ load: Double) -> Double { Self.wait(backlog, load) }

  private static func wait(_ backlog: QueueBacklog, _ load: Double) -> Double {
    // F(ρ)/ρ tends to F′(0) = 0.
    load > 1e-9 ? backlog.value(at: load).value / load : 0
  }

  private static func integral(
    _ backlog: QueueBacklog, from low: Double, to high: Double
  ) -> Double {
    let nodes = [0.0, 0.5384693101056831, 0.9061798459386640]
    let weights = [0.5688888888888889, 0.4786286704993665, 0.2369268850561891]
    let (middle, half) = ((low + high) / 2, (high - low) / 2)
    var sum = weights[0] * wait(backlog, middle)
    for i in 1..<3 {
      sum +=
        weights[i]
        * (wait(backlog, middle - half * nodes[i]) + wait(backlog, middle + half * nodes[i]))
    }
    return sum * half
  }

  /// `∫_0^load F(x)/x dx` with its first two derivatives.
  func selfish(_ load: Double) -> CostDerivatives {
    let cell = min(Int(load / Self.cellWidth), potential.count - 1)
    let from = Double(cell) * Self.cellWidth
    var value = potential[cell]
    // Beyond the table F is nearly a straight line, so that wide steps do.
    var low = from
    while low < load {
      let high = min(load, max(low * 1.05, low + Self.cellWidth))
      value += Self.integral(backlog, from: low, to: high)
      low = high
    }
    let f = backlog.value(at: load)
    let slope = wait(load)
    let curvature = load > 1e-9 ? max(0, (f.slope - slope) / load) : f.curvature / 2
    return CostDerivatives(value: value, slope: slope, curvature: curvature)
  }

  /// Time over each arc under given flows: latency, service and waiting at its router.
  public func hopTimes(_ network: FlowNetwork, _ flows: DestinationFlows) -> [Double] {
    latency.indices.map {
      latency[$0] + 1 + wait(flows.routerLoad[network.arcSource[$0]])
    }
  }
}

/// The cost whose minimum is the selfish equilibrium of packets that wait at routers.
struct RouterQueueWardropCost: FlowCost {
  let queues: RouterQueueLatency
  init(_ queues: RouterQueueLatency) { self.queues = queues }

  func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    let time = queues.latency[arc] + 1
    return CostDerivatives(value: time * flow, slope: time, curvature: 0)
  }

  func router(_ router: Int, load: Double) -> CostDerivatives { queues.selfish(load) }
  var arcCostsAreLinear: Bool { true }
}

/// The cost whose minimum is the least mean delay of all packets.
struct RouterQueueOptimumCost: FlowCost {
  let queues: RouterQueueLatency
  init(_ queues: RouterQueueLatency) { self.queues = queues }

  func arc(_ arc: Int, flow: Double) -> CostDerivatives {
    let time = queues.latency[arc] + 1
    return CostDerivatives(value: time * flow, slope: time, curvature: 0)
  }

  func router(_ router: Int, load: Double) -> CostDerivatives {
    queues.backlog.value(at: load)
  }
  var arcCostsAreLinear: Bool { true }
}
