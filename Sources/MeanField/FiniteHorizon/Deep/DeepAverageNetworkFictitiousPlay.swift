import Learning
import Randomness

/// Fictitious play with two networks: one learns best responses, one imitates all of them.
///
/// ## Method
/// 1. In the flow of the average policy π_i, fit action values to `r + max_{a'} q⁻(s',a')` on sampled
///    transitions.
/// 2. Sample episodes of the greedy policy in its own flow and put their (step, state, action) into a
///    reservoir that keeps all iterations alike.
/// 3. Fit the average network to the reservoir by maximum likelihood: π_{i+1}.
///
/// - Algorithm: deep-average-network-fictitious-play | Laurière et al. 2022 | algorithm 1, D-AFP | exact check passed
/// - Source: Laurière, Perrin, Girgin et al. (2022), *Scalable deep reinforcement learning
///   algorithms for mean field games*, ICML, arXiv 2203.11973; Heinrich & Silver (2016) for the
///   reservoir.
/// - Differs: the flows are computed exactly; the best-response network starts from the last one.
/// - Randomness: `SeedTree(root: seed).child("deep", iteration)`, streams per population.
/// - Complexity: per iteration `(T + 1) · epochs` passes over the samples and `averageEpochs` over the
///   reservoir.
/// - Verified: `DeepSolverTests` (closed form of left-right, exact exploitability, five seeds).
public struct DeepAverageNetworkFictitiousPlay: FiniteHorizonSolver {
  public static let name = "deep-average-network-fictitious-play"
  public var learning = DeepLearningConfiguration()
  /// Rows of the reservoir of each population, ≥ 1; default 20,000.
  public var reservoir: Int = 20_000
  /// Passes of the average network over the reservoir per iteration, ≥ 1; default 2.
  public var averageEpochs: Int = 2
  /// Share of random actions in the samples for the best response, in [0, 1]; default .5.
  public var exploration: Double = 0.5

  public init() {}

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    Stepper(workspace, self)
  }

  private final class Stepper<Scalar: FlowScalar>: PolicyStepper {
    private let workspace: FlowWorkspace<Scalar>
    private let solver: DeepAverageNetworkFictitiousPlay
    private let flow: PopulationFlow<Scalar>
    private let responseFlow: PopulationFlow<Scalar>
    private let response: FlatBuffer<Scalar>
    private let values: PopulationNetworks<Scalar>
    private let averages: PopulationNetworks<Scalar>
    /// Per population: rows of step, state, action, then how many were kept and how many were seen.
    private let memories: [FlatBuffer<Scalar>]

    init(_ workspace: FlowWorkspace<Scalar>, _ solver: DeepAverageNetworkFictitiousPlay) {
      self.workspace = workspace
      self.solver = solver
      flow = PopulationFlow(workspace.game)
      responseFlow = PopulationFlow(workspace.game)
      response = FlatBuffer(count: workspace.layout.tableCount)
      values = PopulationNetworks(workspace.game, hidden: solver.learning.hidden)
      averages = PopulationNetworks(workspace.game, hidden: solver.learning.hidden)
      memories = workspace.game.shapes.map { _ in FlatBuffer(count: 3 * solver.reservoir + 2) }
    }

    var carried: [FlatBuffer<Scalar>] {
      values.weights + averages.weights + memories
    }

    func start(from policy: FlatBuffer<Scalar>) {
      for population in memories.indices {
        var stream = solver.learning.stream(0, "initial", population)
        values.draw(population, startsFlat: false, using: &stream)
        averages.draw(population, startsFlat: false, using: &stream)
      }
    }

    func step(
      _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
    ) -> [StartValues] {
      workspace.forward(policy, into: flow)
      let starts = workspace.backward(policy, in: flow, goal: .both)
      let sampler = FlowSampler(workspace, flow)
      sampler.refresh()
      for population in memories.indices { learnResponse(iteration, population, policy, sampler) }
      workspace.forward(response, into: responseFlow)
      let imitated = FlowSampler(workspace, responseFlow)
      imitated.refresh()
      for population in memories.indices {
        var stream = solver.learning.stream(iteration, "imitation", population)
        let episodes = imitated.episodes(
          solver.learning.episodes, population: population, policy: response, exploration: 0,
          using: &stream)
        remember(population, episodes, &stream)
        imitate(population, next, &stream)
      }
      return starts
    }

    /// Step 1: writes the greedy policy of the fitted values.
    private func learnResponse(
      _ iteration: Int, _ population: Int, _ policy: FlatBuffer<Scalar>,
      _ sampler: FlowSampler<Scalar>
    ) {
      let (net, shape) = (values.networks[population], workspace.game.shapes[population])
      var stream = solver.learning.stream(iteration, "episodes", population)
      let episodes = sampler.episodes(
        solver.learning.episodes, population: population, policy: policy,
        exploration: solver.exploration, using: &stream)
      var parameters = values.weights[population].parameters
      var optimiser = Adam<Float>(count: parameters.count, stepSize: solver.learning.stepSize)
      for _ in 0..<workspace.game.stepCount {
        let outputs = net.table(parameters)
        let targets = (0..<episodes.count).map { row -> Float in
          guard episodes.next[row] >= 0 else { return episodes.rewards[row] }
          let place = (Int(episodes.steps[row]) + 1) * shape.stateCount + Int(episodes.next[row])
          return episodes.rewards[row] + best(outputs, place, shape, Int(episodes.next[row])).value
        }
        net.regress(
          &parameters, &optimiser, steps: episodes.steps, states: episodes.states,
          columns: episodes.actions, targets: targets, epochs: solver.learning.epochs,
          minibatch: solver.learning.minibatch, using: &stream)
      }
      values.weights[population].parameters = parameters
      let outputs = net.table(parameters)
      for step in 0..<workspace.game.stepCount {
        let base = response.base + workspace.layout.table(population, step)
        for state in 0..<shape.stateCount {
          let chosen = best(outputs, step * shape.stateCount + state, shape, state).action
          for action in 0..<shape.actionCount {
            base[action * shape.stateCount + state] = action == chosen ? 1 : 0
          }
        }
      }
    }

    private func best(
      _ outputs: [Float], _ place: Int, _ shape: PopulationShape, _ state: Int
    ) -> (action: Int, value: Float) {
      var result = (action: 0, value: -Float.infinity)
      for action in 0..<shape.actionCount where shape.isAvailable(state, action) {
        let value = outputs[place * shape.actionCount + action]
        if value > result.value { result = (action, value) }
      }
      return result
    }

    /// Step 2: reservoir sampling (Vitter's algorithm R).
    private func remember(
      _ population: Int, _ episodes: FlowSampler<Scalar>.Episodes, _ stream: inout RandomStream
    ) {
      let memory = memories[population].base
      let limit = solver.reservoir
      var kept = Int(memory[3 * limit])
      var seen = Int(memory[3 * limit + 1])
      for row in 0..<episodes.count {
        seen += 1
        var place = kept
        if kept < limit { kept += 1 } else { place = stream.integer(below: seen) }
        if place < limit {
          memory[3 * place] = Scalar(episodes.steps[row])
          memory[3 * place + 1] = Scalar(episodes.states[row])
          memory[3 * place + 2] = Scalar(episodes.actions[row])
        }
      }
      memory[3 * limit] = Scalar(kept)
      memory[3 * limit + 1] = Scalar(seen)
    }

    /// Step 3: writes the average network's policy.
    private func imitate(
      _ population: Int, _ next: FlatBuffer<Scalar>, _ stream: inout RandomStream
    ) {
      let (net, shape) = (averages.networks[population], workspace.game.shapes[population])
      let memory = memories[population].base
      let rows = 0..<Int(memory[3 * solver.reservoir])
      var parameters = averages.weights[population].parameters
      var optimiser = Adam<Float>(count: parameters.count, stepSize: solver.learning.stepSize)
      net.classify(
        &parameters, &optimiser, steps: rows.map { Int32(memory[3 * $0]) },
        states: rows.map { Int32(memory[3 * $0 + 1]) },
        actions: rows.map { Int32(memory[3 * $0 + 2]) }, shape, epochs: solver.averageEpochs,
        minibatch: solver.learning.minibatch, using: &stream)
      averages.weights[population].parameters = parameters
      net.writePolicy(
        net.table(parameters), scale: 1, shape, population: population, workspace.layout,
        into: next)
    }
  }
}
