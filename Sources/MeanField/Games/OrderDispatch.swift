/// Ride-sharing order dispatch: drivers over the cells of a grid, demand by cell and time of day.
///
/// ```swift
/// let dispatch = OrderDispatch()
/// let plan = NetValueIteration(resolution: 8).solve(dispatch)
/// ```
///
/// ## Model
/// The state is a driver's cell. Where the share of drivers is μ(c) and demand is d_t(c), a driver
/// gets an order with probability min(1, d_t(c)/μ(c)), earns the fare of the cell and ends at a
/// destination drawn from the cell's row of `destinations`. A driver without an order goes where the
/// action says (stay, north, south, west, east; off the grid: stay), which costs `moveCost`.
///
/// - Algorithm: order-dispatch | Li et al., 2019 | section 3 | exact check passed
/// - Source: the motivating example of Xu (2020); Li, Qin, Jiao, Yang, Gong, Wang, Wang, Wu, Ye
///   (2019), *Efficient ridesharing order dispatching with mean field multi-agent reinforcement
///   learning*, WWW; numbers are choices of this project.
/// - Differs: one vehicle class, orders last one step.
/// - Verified: `MeanFieldControlTests`.
public struct OrderDispatch: ControlledPopulation, Hashable, Codable {
  public var rows = 2
  public var columns = 2
  /// `[time of the period][cell]`, orders for each driver of the population.
  public var demand: [[Double]] = [
    [0.60, 0.15, 0.15, 0.05], [0.30, 0.20, 0.20, 0.20], [0.05, 0.15, 0.15, 0.60],
    [0.20, 0.20, 0.20, 0.30],
  ]
  /// For each cell.
  public var fares = [1.0, 1.2, 0.8, 1.0]
  /// `[from][to]`; each row sums to one.
  public var destinations: [[Double]] = [
    [0.1, 0.3, 0.3, 0.3], [0.3, 0.1, 0.3, 0.3], [0.3, 0.3, 0.1, 0.3], [0.3, 0.3, 0.3, 0.1],
  ]
  public var moveCost = 0.1
  public var discount = 0.9
  /// Steps; nil: for ever.
  public var horizon: Int?

  public init() {}

  public var stateCount: Int { rows * columns }
  public var actionCount: Int { 5 }
  public var period: Int { demand.count }
  public var initialDistribution: [Double] {
    [Double](repeating: 1 / Double(stateCount), count: stateCount)
  }

  public func model(at time: Int) -> any StationaryModel {
    Hour(dispatch: self, demand: demand[time % demand.count])
  }

  /// The agents' model at one time of the day.
  public struct Hour: StationaryModel {
    public let dispatch: OrderDispatch
    public let demand: [Double]

    public var stateCount: Int { dispatch.stateCount }
    public var actionCount: Int { dispatch.actionCount }
    public var discount: Double { dispatch.discount }
    public var initialDistribution: [Double] { dispatch.initialDistribution }

    private func matched(_ cell: Int, _ law: PopulationLaw) -> Double {
      law.states[cell] > demand[cell] ? demand[cell] / law.states[cell] : 1
    }

    public func reward(state: Int, action: Int, law: PopulationLaw) -> Double {
      let matched = matched(state, law)
      let cost = dispatch.neighbour(state, action) == state ? 0 : dispatch.moveCost
      return matched * dispatch.fares[state] - (1 - matched) * cost
    }

    public func forEachTransition(
      state: Int, action: Int, law: PopulationLaw, _ visit: (Int, Double) -> Void
    ) {
      let matched = matched(state, law)
      for (cell, share) in dispatch.destinations[state].enumerated() where share > 0 {
        visit(cell, matched * share)
      }
      if matched < 1 { visit(dispatch.neighbour(state, action), 1 - matched) }
    }
  }

  /// Where a move leads.
  func neighbour(_ cell: Int, _ action: Int) -> Int {
    let (row, column) = (cell / columns, cell % columns)
    let move = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)][action]
    let (newRow, newColumn) = (row + move.0, column + move.1)
    guard (0..<rows).contains(newRow), (0..<columns).contains(newColumn) else { return cell }
    return newRow * columns + newColumn
  }
}
