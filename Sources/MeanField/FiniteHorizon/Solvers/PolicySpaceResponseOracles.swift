/// Grows a population of best responses and looks for the equilibrium among their mixtures.
///
/// ```swift
/// let search = EquilibriumSearch(
///   PreparedGame(PredatorPrey<Double>()), PolicySpaceResponseOracles(innerIterations: 200))
/// ```
///
/// ## Method
/// 1. Best-respond to the flow of the current mixture; add the response to the population.
/// 2. In the game restricted to the population, with payoff `J_i(ν) = Σ_t ⟨r_t(L_ν), L_i⟩` of member
///    i where `L_ν = Σ_j ν_j L_j`, run regret matching⁺ for `innerIterations` steps.
/// 3. The mixture is the average of ν, later steps weighing more; its policy is that of `L_ν`.
/// Each population of a game has its own members and mixture. A full store drops the lightest member.
///
/// - Algorithm: policy-space-response-oracles | Muller et al. 2022 | algorithm 1 | exact check passed
/// - Source: Muller, Rowland, Elie et al. (2022), *Learning equilibria in mean-field games:
///   introducing mean-field PSRO*, AAMAS, arXiv 2111.08350; Tammelin (2014), *Solving large
///   imperfect information games using CFR+*, for regret matching⁺.
/// - Differs: the average mixture is reported as one policy (of the average flow); where transitions
///   depend on the mean field, members keep the flow under which they were added, an approximation.
/// - Randomness: none; ties share equally.
/// - Complexity: an inner step is O(members · states · actions · steps); memory the same.
/// - Verified: `FiniteHorizonSolverTests`.
public struct PolicySpaceResponseOracles: FiniteHorizonSolver {
  public static let name = "policy-space-response-oracles"
  /// Steps of regret matching⁺ after each new member, ≥ 1; default 100.
  public var innerIterations: Int
  /// Members at most, ≥ 2; default 64.
  public var populationLimit: Int

  public init(innerIterations: Int = 100, populationLimit: Int = 64) {
    precondition(innerIterations >= 1 && populationLimit >= 2, "at least one step, two members")
    self.innerIterations = innerIterations
    self.populationLimit = populationLimit
  }

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    Stepper(workspace, self)
  }

  private final class Stepper<Scalar: FlowScalar>: PolicyStepper {
    private let workspace: FlowWorkspace<Scalar>
    private let solver: PolicySpaceResponseOracles
    private let flow: PopulationFlow<Scalar>
    private let memberFlow: PopulationFlow<Scalar>
    private let response: FlatBuffer<Scalar>
    private let payoffs: FlatBuffer<Scalar>
    private let unvisited: FlatBuffer<Scalar>
    /// Joint laws of the members, `[member][table]`.
    private let members: FlatBuffer<Scalar>
    /// `[population][member]` weights, then the number of members.
    private let mixture: FlatBuffer<Scalar>
    private let limit: Int

    init(_ workspace: FlowWorkspace<Scalar>, _ solver: PolicySpaceResponseOracles) {
      self.workspace = workspace
      self.solver = solver
      let table = workspace.layout.tableCount
      limit = solver.populationLimit
      flow = PopulationFlow(workspace.game)
      memberFlow = PopulationFlow(workspace.game)
      response = FlatBuffer(count: table)
      payoffs = FlatBuffer(count: table)
      unvisited = FlatBuffer(FiniteHorizonPolicy.uniform(workspace.game).values)
      members = FlatBuffer(count: table * limit)
      mixture = FlatBuffer(count: limit * workspace.game.populationCount + 1)
    }

    var carried: [FlatBuffer<Scalar>] { [members, mixture] }

    private var memberCount: Int {
      get { Int(mixture.base[mixture.count - 1]) }
      set { mixture.base[mixture.count - 1] = Scalar(newValue) }
    }

    func start(from policy: FlatBuffer<Scalar>) {
      memberCount = 0
      add(policy)
      for population in workspace.game.shapes.indices { mixture.base[population * limit] = 1 }
    }

    func step(
      _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
    ) -> [StartValues] {
      workspace.forward(policy, into: flow)
      let values = workspace.bestResponse(to: policy, in: flow, tolerance: 1e-9, into: response)
      if memberCount == limit { dropLightest() }
      add(response)
      solveRestrictedGame(next)
      return values
    }

    /// Appends a policy's joint law.
    private func add(_ policy: FlatBuffer<Scalar>) {
      workspace.forward(policy, into: memberFlow)
      let base = members.base + memberCount * workspace.layout.tableCount
      workspace.joint(policy, memberFlow, into: base)
      for population in workspace.game.shapes.indices {
        mixture.base[population * limit + memberCount] = 0
      }
      memberCount += 1
    }

    /// Moves the last member into the place of the one with the least weight over all populations.
    private func dropLightest() {
      let populations = workspace.game.shapes.indices
      let weights = (0..<memberCount).map { member in
        populations.reduce(Scalar(0)) { $0 + mixture.base[$1 * limit + member] }
      }
      guard let lightest = weights.indices.min(by: { weights[$0] < weights[$1] }) else { return }
      let table = workspace.layout.tableCount
      let last = memberCount - 1
      (members.base + lightest * table).update(from: members.base + last * table, count: table)
      for population in populations {
        mixture.base[population * limit + lightest] = mixture.base[population * limit + last]
      }
      memberCount = last
    }

    /// Steps 2 and 3: writes the policy of the average mixture.
    private func solveRestrictedGame(_ next: FlatBuffer<Scalar>) {
      let populations = workspace.game.populationCount
      let count = memberCount
      var regrets = [[Double]](
        repeating: [Double](repeating: 0, count: count), count: populations)
      // Starting from the last mixture keeps what the last call learned.
      var current = (0..<populations).map { k in
        (0..<count).map { Double(mixture.base[k * limit + $0]) }
      }
      var average = [[Double]](repeating: [Double](repeating: 0, count: count), count: populations)
      for inner in 0..<solver.innerIterations {
        writePolicy(current, next)
        workspace.forward(next, into: flow)
        for population in 0..<populations {
          let gains = self.gains(population)
          let mean = zip(current[population], gains).reduce(0) { $0 + $1.0 * $1.1 }
          for member in 0..<count {
            regrets[population][member] = max(0, regrets[population][member] + gains[member] - mean)
            average[population][member] += Double(inner + 1) * current[population][member]
          }
        }
        for population in 0..<populations {
          let total = regrets[population].reduce(0, +)
          if total > 0 { current[population] = regrets[population].map { $0 / total } }
        }
      }
      let total = Double(solver.innerIterations * (solver.innerIterations + 1)) / 2
      for population in 0..<populations {
        average[population] = average[population].map { $0 / total }
        for member in 0..<count {
          mixture.base[population * limit + member] = Scalar(average[population][member])
        }
      }
      writePolicy(average, next)
    }

    /// What each member earns in the present flow.
    private func gains(_ population: Int) -> [Double] {
      let layout = workspace.layout
      let start = layout.tableStarts[population]
      for step in 0...workspace.game.lastStep {
        workspace.rewards(
          population, step, flow, into: payoffs.base + layout.table(population, step))
      }
      let entries = start..<layout.tableStarts[population + 1]
      return (0..<memberCount).map { member in
        let base = members.base + member * layout.tableCount
        var sum = 0.0
        for entry in entries { sum += Double(base[entry]) * Double(payoffs.base[entry]) }
        return sum
      }
    }

    /// The policy of `Σ weights · joint laws`.
    private func writePolicy(_ weights: [[Double]], _ out: FlatBuffer<Scalar>) {
      let layout = workspace.layout
      out.base.update(repeating: 0, count: out.count)
      for (population, row) in weights.enumerated() {
        let start = layout.tableStarts[population]
        let count = layout.tableStarts[population + 1] - start
        for (member, weight) in row.enumerated() where weight > 0 {
          Scalar.combine(
            count, 1, out.base + start, Scalar(weight),
            members.base + member * layout.tableCount + start, out.base + start)
        }
      }
      workspace.normalise(out, unvisited: unvisited, below: 0)
    }
  }
}
