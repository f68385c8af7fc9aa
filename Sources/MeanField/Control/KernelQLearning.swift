import Randomness

/// MFC-K-Q: learns mean-field control from one visit to every cell of an ε-net.
///
/// ```swift
/// let learned = KernelQLearning(resolution: 10).learn(
///   ControlledModel(CongestionControl()), seeds: SeedTree(root: 1))
/// learned.policy(distribution)  // what the controller tells the agents to do
/// ```
///
/// ## Method
/// 1. Explore: from the current distribution μ_t apply a local policy h_t of the net and observe
///    r_t = r(μ_t, h_t) and μ_{t+1} = Φ(μ_t, h_t). The dynamics are deterministic, so the first visit
///    to the cell (net point nearest to μ_t, h_t) tells all. Untried policies of a cell come first;
///    after `episodeLength` steps the population starts anew at a random distribution.
/// 2. Iterate `q ← B_K q`, (B_K q)(c) = r_c + γ max_{h′} Γ_K q(μ′_c, h′), with the observed r_c, μ′_c.
///
/// - Algorithm: mfc-k-q | Gu et al., 2021 | algorithm 1 | exact check passed
/// - Source: Gu, Guo, Wei, Xu (2021), *Mean-field controls with Q-learning for cooperative MARL:
///   convergence and complexity analysis*, SIAM J. Math. Data Science 3(4), algorithm 1.
/// - Differs: the exploration prefers untried pairs instead of drawing them uniformly, and starts
///   anew at random distributions so that every cell is reached; with `agents` the population has
///   finitely many members and observations are noisy.
/// - Randomness: one stream for starts and choices, one for the world.
/// - Complexity: about one step a cell, then sweeps over the cells.
/// - Verified: `MeanFieldControlTests`.
public struct KernelQLearning: Hashable, Sendable, Codable {
  /// K of the net of distributions.
  public var resolution: Int
  /// M of the net of local policies.
  public var policyResolution = 1
  public var kernel: KernelRegression
  /// `true`: every transition starts exactly at a net point, which a simulator that can be set to any
  /// distribution allows: one step a cell, and no error from the place inside the cell.
  public var startsOnNet = false
  /// Steps after which the population starts anew.
  public var episodeLength = 20
  /// The most steps of exploration; nil: until every cell has been visited, at most 50 steps a cell.
  public var samples: Int?
  /// Agents in the population; nil: the limit.
  public var agents: Int?
  public var tolerance = 1e-10

  public init(resolution: Int, kernel: KernelRegression = .nearest) {
    self.resolution = resolution
    self.kernel = kernel
  }

  public func learn(
    _ population: some ControlledPopulation, seeds: SeedTree
  ) -> LiftedSolution {
    let net = SimplexNet(dimension: population.stateCount, resolution: resolution)
    let policies = LocalPolicyNet(
      stateCount: population.stateCount, actionCount: population.actionCount,
      resolution: policyResolution
    ).policies
    var exploration = Exploration(
      net: net, policies: policies, kernel: kernel, period: population.period, agents: agents)
    if startsOnNet {
      exploration.visitNetPoints(
        population, limit: samples ?? .max, seeds: seeds)
    } else {
      exploration.run(
        population, episodeLength: episodeLength,
        limit: samples ?? 50 * net.points.count * policies.count * population.period, seeds: seeds)
    }
    var solution = LiftedFixedPoint(
      net: net, policies: policies, kernel: kernel, cells: exploration.cells,
      discount: population.discount, horizon: population.horizon, tolerance: tolerance
    ).solve()
    solution.samples = exploration.samples
    let total = net.points.count * policies.count * population.period
    solution.coverage = 1 - Double(exploration.missing) / Double(total)
    return solution
  }

  private struct Exploration {
    let net: SimplexNet
    let policies: [StationaryPolicy]
    let kernel: KernelRegression
    let agents: Int?
    var cells: [[LiftedCell]]
    /// Untried policies of each net point, `[time][point]`.
    var untried: [[[Int]]]
    var missing: Int
    var samples = 0

    init(
      net: SimplexNet, policies: [StationaryPolicy], kernel: KernelRegression, period: Int,
      agents: Int?
    ) {
      self.net = net
      self.policies = policies
      self.kernel = kernel
      self.agents = agents
      let count = net.points.count
      let empty = LiftedCell(reward: -.infinity, next: [])
      cells = [[LiftedCell]](
        repeating: [LiftedCell](repeating: empty, count: count * policies.count), count: period)
      let all = Array(policies.indices.reversed())
      untried = [[[Int]]](repeating: [[Int]](repeating: all, count: count), count: period)
      missing = count * policies.count * period
    }

    mutating func run(
      _ population: some ControlledPopulation, episodeLength: Int, limit: Int, seeds: SeedTree
    ) {
      var choose = seeds.stream("exploration")
      var world = seeds.stream("world")
      var states = population.initialDistribution
      var time = 0
      for step in 0..<limit where missing > 0 {
        if step % episodeLength == 0 && step > 0 {
          states = start(using: &choose)
          time = choose.integer(below: cells.count)
        }
        let point = net.nearest(states)
        let phase = time % cells.count
        var choice = choose.integer(below: policies.count)
        let isNew = !untried[phase][point].isEmpty
        if isNew {
          let slot = choose.integer(below: untried[phase][point].count)
          choice = untried[phase][point].remove(at: slot)
        }
        let outcome = observe(population, states, policies[choice], time: phase, using: &world)
        if isNew {
          missing -= 1
          cells[phase][point * policies.count + choice] = LiftedCell(
            reward: outcome.reward, next: kernel.weights(net, at: outcome.next))
        }
        states = outcome.next
        time += 1
        samples += 1
      }
    }

    /// Every pair of net point and policy once, each from the net point itself.
    mutating func visitNetPoints(
      _ population: some ControlledPopulation, limit: Int, seeds: SeedTree
    ) {
      var world = seeds.stream("world")
      for time in cells.indices {
        for point in net.points.indices {
          for choice in policies.indices where samples < limit {
            let outcome = observe(
              population, net.points[point], policies[choice], time: time, using: &world)
            cells[time][point * policies.count + choice] = LiftedCell(
              reward: outcome.reward, next: kernel.weights(net, at: outcome.next))
            missing -= 1
            samples += 1
          }
        }
      }
    }

    /// Half of the starts next to a cell with untried pairs, half anywhere (flat Dirichlet).
    private func start(using stream: inout RandomStream) -> [Double] {
      if stream.bernoulli(0.5) {
        let open = net.points.indices.filter { point in untried.contains { !$0[point].isEmpty } }
        if !open.isEmpty {
          // A point inside the cell: the net point moved by less than half the spacing.
          var point = net.points[open[stream.integer(below: open.count)]]
          let (from, to) = (
            stream.integer(below: point.count), stream.integer(below: point.count)
          )
          let shift = min(point[from], 0.49 * stream.uniform() / Double(net.resolution))
          point[from] -= shift
          point[to] += shift
          return point
        }
      }
      let draws = (0..<net.dimension).map { _ in stream.exponential(rate: 1) }
      let total = draws.reduce(0, +)
      return draws.map { $0 / total }
    }

    private func observe(
      _ population: some ControlledPopulation, _ states: [Double], _ policy: StationaryPolicy,
      time: Int, using stream: inout RandomStream
    ) -> (reward: Double, next: [Double]) {
      guard let agents else { return population.step(states, policy: policy, time: time) }
      return population.sampledStep(
        states, policy: policy, time: time, agents: agents, using: &stream)
    }
  }
}

extension ControlledPopulation {
  /// One step of N agents whose states are drawn from a distribution: the mean reward and the
  /// empirical distribution afterwards.
  func sampledStep(
    _ distribution: [Double], policy: StationaryPolicy, time: Int, agents: Int,
    using stream: inout RandomStream
  ) -> (reward: Double, next: [Double]) {
    let states = (0..<agents).map { _ in stream.categorical(distribution) }
    return sampledStep(states, policy: policy, time: time, using: &stream)
  }

  /// One step of agents in given states.
  func sampledStep(
    _ states: [Int], policy: StationaryPolicy, time: Int, using stream: inout RandomStream
  ) -> (reward: Double, next: [Double]) {
    var states = states
    let reward = advance(&states, policy: policy, time: time, using: &stream)
    var next = [Double](repeating: 0, count: stateCount)
    for state in states { next[state] += 1 / Double(states.count) }
    return (reward, next)
  }

  /// Moves agents by one step; returns their mean reward.
  func advance(
    _ states: inout [Int], policy: StationaryPolicy, time: Int, using stream: inout RandomStream
  ) -> Double {
    Self.advance(model(at: time % period), &states, policy, &stream)
  }

  private static func advance(
    _ model: some StationaryModel, _ states: inout [Int], _ policy: StationaryPolicy,
    _ stream: inout RandomStream
  ) -> Double {
    var actions = states
    for agent in states.indices { actions[agent] = stream.categorical(policy.row(states[agent])) }
    let law = PopulationLaw(
      states: states, actions: actions, stateCount: model.stateCount,
      actionCount: model.actionCount)
    var total = 0.0
    for agent in states.indices {
      let next = model.sample(
        state: states[agent], action: actions[agent], law: law, using: &stream)
      states[agent] = next.state
      total += next.reward
    }
    return total / Double(states.count)
  }

  /// The mean discounted reward of N agents, whose controller sees their empirical distribution.
  public func simulate(
    _ controller: @Sendable ([Double], Int) -> StationaryPolicy, agents: Int, episodes: Int,
    steps: Int, seeds: SeedTree, threads: Int = 1
  ) -> NPlayerValues {
    let returns = concurrentMap(count: episodes, threads: threads) { episode in
      var stream = seeds.stream("episode", episode)
      var states = (0..<agents).map { _ in stream.categorical(initialDistribution) }
      var weight = 1.0
      var total = 0.0
      for time in 0..<min(steps, horizon ?? steps) {
        var field = [Double](repeating: 0, count: stateCount)
        for state in states { field[state] += 1 / Double(agents) }
        let phase = horizon == nil ? time % period : time
        let policy = controller(field, phase)
        total += weight * advance(&states, policy: policy, time: time, using: &stream)
        weight *= discount
      }
      return [total]
    }
    return NPlayerValues(returns: returns)
  }
}
