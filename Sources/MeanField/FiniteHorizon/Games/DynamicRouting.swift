import Foundation

/// Vehicles choose, junction by junction, which road to take next; a road's travel time grows with
/// the vehicles on it.
///
/// ## Method
/// One population for each destination. States of a vehicle: at a junction, or on a road with
/// 1…R − 1 steps to go. At a junction it chooses an outgoing road e and gets
/// `τ_e(x) = τ⁰_e (1 + b (x/c_e)^p)` steps, x the number of vehicles on e at that time; a fractional
/// time is the random mixture of its two neighbours. Every step away from the destination costs 1.
/// Junctions 0…n − 1 come first, then road e with r to go is state n + e R + r − 1.
///
/// - Source: Cabannes et al. (2021), *Solving N-player dynamic routing games with congestion: a mean
///   field approach*, arXiv 2110.11943; OpenSpiel's `mfg_dynamic_routing`.
/// - Differs: any directed network; vehicles of one destination share a population; travel times
///   are mixtures of whole steps, so that they depend on the flow continuously.
/// - Complexity: 2 transitions a state and action.
/// - Verified: `FiniteHorizonGameTests`.
public struct DynamicRouting<Scalar: FlowScalar>: FiniteHorizonGame {
  /// A directed road.
  public struct Road: Sendable, Hashable, Codable {
    public var from, to: Int
    /// τ⁰ ≥ 1 in steps.
    public var freeTime: Double
    /// c > 0 in vehicles.
    public var capacity: Double
    public init(from: Int, to: Int, freeTime: Double, capacity: Double) {
      self.from = from
      self.to = to
      self.freeTime = freeTime
      self.capacity = capacity
    }
  }

  /// Vehicles that want to go from one junction to another.
  public struct Trips: Sendable, Hashable, Codable {
    public var origin, destination: Int
    public var count: Double
    public init(origin: Int, destination: Int, count: Double) {
      self.origin = origin
      self.destination = destination
      self.count = count
    }
  }

  public let name = "dynamic-routing"
  public let lastStep: Int
  public let junctions: Int
  public let roads: [Road]
  public let populations: [PopulationShape]
  /// b ≥ 0 and p ≥ 0; defaults .15 and 4 (Bureau of Public Roads).
  public let congestion, power: Double
  /// R: the longest time on a road, in steps; longer ones are cut.
  public let longestTime: Int
  private let destinations: [Int]
  private let origins: [[Double]]
  private let outgoing: [[Int]]

  /// - Parameter longestTime: nil: four times the longest free time.
  public init(
    junctions: Int, roads: [Road], trips: [Trips], lastStep: Int, congestion: Double = 0.15,
    power: Double = 4, longestTime: Int? = nil
  ) {
    self.junctions = junctions
    self.roads = roads
    self.lastStep = lastStep
    self.congestion = congestion
    self.power = power
    let slowest = roads.reduce(1) { max($0, $1.freeTime) }
    let longest = longestTime ?? Int((4 * slowest).rounded(.up))
    self.longestTime = longest
    var outgoing = [[Int]](repeating: [], count: junctions)
    for (index, road) in roads.enumerated() { outgoing[road.from].append(index) }
    self.outgoing = outgoing
    let destinations = Set(trips.map(\.destination)).sorted()
    self.destinations = destinations
    origins = destinations.map { destination in
      var counts = [Double](repeating: 0, count: junctions)
      for trip in trips where trip.destination == destination { counts[trip.origin] += trip.count }
      return counts
    }
    let states = junctions + roads.count * longest
    let actions = outgoing.reduce(1) { max($0, $1.count) }
    populations = destinations.map { destination in
      var available = [Bool](repeating: false, count: states * actions)
      for state in 0..<states {
        let choices =
          state < junctions && state != destination ? max(1, outgoing[state].count) : 1
        for action in 0..<choices { available[state * actions + action] = true }
      }
      return PopulationShape(
        name: "to \(destination)", states: states, actions: actions, rewardsIgnoreAction: true,
        available: available)
    }
  }

  public func initialLaw(of population: Int) -> [Scalar] {
    let total = origins[population].reduce(0, +)
    var law = [Scalar](repeating: 0, count: populations[population].stateCount)
    for junction in 0..<junctions { law[junction] = Scalar(origins[population][junction] / total) }
    return law
  }

  /// Travel time of every road, in steps within 1…R.
  private func times(_ meanField: StepMeanField<Scalar>) -> [Double] {
    roads.indices.map { index in
      var vehicles = 0.0
      for population in destinations.indices {
        let law = meanField.stateLaw(population) + junctions + index * longestTime
        var share = 0.0
        for r in 0..<longestTime { share += Double(law[r]) }
        vehicles += share * origins[population].reduce(0, +)
      }
      let load = vehicles / roads[index].capacity
      let time = roads[index].freeTime * (1 + congestion * pow(load, power))
      // A flow that is no number (of a search that diverged) counts as the slowest.
      return time.isNaN ? Double(longestTime) : min(max(time, 1), Double(longestTime))
    }
  }

  public func transitions(of population: Int) -> TransitionModel<Scalar> {
    let game = self
    return .meanField(
      MeanFieldTransitions(outcomesPerRow: 2) { _, meanField, rows in
        game.fillRows(population, game.times(meanField), rows)
      })
  }

  private func fillRows(_ population: Int, _ times: [Double], _ rows: TransitionWriter<Scalar>) {
    let shape = populations[population]
    for state in 0..<shape.stateCount {
      for action in 0..<shape.actionCount {
        let (first, second, share) = outcome(state, action, destinations[population], times)
        rows.set(
          state: state, action: action, slot: 0, next: first, probability: Scalar(1 - share))
        rows.set(state: state, action: action, slot: 1, next: second, probability: Scalar(share))
      }
    }
  }

  /// Two next states and the probability of the second.
  private func outcome(
    _ state: Int, _ action: Int, _ destination: Int, _ times: [Double]
  ) -> (Int, Int, Double) {
    if state >= junctions {
      let (road, rest) = (state - junctions).quotientAndRemainder(dividingBy: longestTime)
      let next = rest == 0 ? roads[road].to : state - 1
      return (next, next, 0)
    }
    if state == destination || outgoing[state].isEmpty { return (state, state, 0) }
    let road = outgoing[state][min(action, outgoing[state].count - 1)]
    // Entering takes one step of the travel time itself.
    let whole = times[road].rounded(.down)
    let entry = { (steps: Double) -> Int in
      let rest = Int(steps) - 1
      return rest == 0 ? roads[road].to : junctions + road * longestTime + rest - 1
    }
    return (
      entry(whole), entry(min(whole + 1, Double(longestTime))), times[road] - whole
    )
  }

  public func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>
  ) {
    for state in states { rewards[state] = state == destinations[population] ? 0 : -1 }
  }
}

extension DynamicRouting {
  /// Braess's network: four junctions, two mirror-image routes and a shortcut between them; all
  /// vehicles go from 0 to 3.
  public static func braess(vehicles: Double = 10, lastStep: Int = 40) -> DynamicRouting {
    DynamicRouting(
      junctions: 4,
      roads: [
        Road(from: 0, to: 1, freeTime: 2, capacity: vehicles / 2),
        Road(from: 0, to: 2, freeTime: 6, capacity: 10 * vehicles),
        Road(from: 1, to: 2, freeTime: 1, capacity: 10 * vehicles),
        Road(from: 1, to: 3, freeTime: 6, capacity: 10 * vehicles),
        Road(from: 2, to: 3, freeTime: 2, capacity: vehicles / 2),
      ], trips: [Trips(origin: 0, destination: 3, count: vehicles)], lastStep: lastStep,
      congestion: 1, power: 1)
  }
}
