import Learning
import Randomness

/// Improves a network policy by clipped policy gradients on agents sampled in its own flow.
///
/// ## Method
/// Every iteration: sample episodes of π_i in its own flow; fit a value network to the returns; improve
/// the policy network with `ProximalPolicyOptimization` on return minus value, normalised.
///
/// - Algorithm: mean-field-proximal-policy-optimization | Algumaei et al. 2023 | algorithm 1, MF-PPO | exact check passed
/// - Source: Algumaei, Solozabal, Alami et al. (2023), *Regularization of the policy updates for
///   stabilizing mean field games*, PAKDD, arXiv 2304.01547; Schulman et al. (2017).
/// - Differs: Monte-Carlo advantages; the flow is computed exactly.
/// - Randomness: `SeedTree(root: seed).child("deep", iteration)`, streams per population.
/// - Complexity: per iteration about twenty passes over `episodes · (T + 1)` rows.
/// - Verified: `DeepSolverTests` (closed form of left-right, exact exploitability, five seeds).
public struct MeanFieldProximalPolicyOptimization: FiniteHorizonSolver {
  public static let name = "mean-field-proximal-policy-optimization"
  public var learning = DeepLearningConfiguration()
  public var optimisation = ProximalPolicyOptimization()

  public init() {
    optimisation.epochs = 5
    optimisation.minibatch = 256
    optimisation.targetDivergence = 0.02
  }

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    Stepper(workspace, self)
  }

  private final class Stepper<Scalar: FlowScalar>: PolicyStepper {
    private let workspace: FlowWorkspace<Scalar>
    private let solver: MeanFieldProximalPolicyOptimization
    private let flow: PopulationFlow<Scalar>
    private let sampler: FlowSampler<Scalar>
    private let actors: PopulationNetworks<Scalar>
    private let critics: PopulationNetworks<Scalar>

    init(_ workspace: FlowWorkspace<Scalar>, _ solver: MeanFieldProximalPolicyOptimization) {
      self.workspace = workspace
      self.solver = solver
      let flow = PopulationFlow(workspace.game)
      self.flow = flow
      sampler = FlowSampler(workspace, flow)
      actors = PopulationNetworks(workspace.game, hidden: solver.learning.hidden)
      critics = PopulationNetworks(workspace.game, hidden: solver.learning.hidden) { _ in 1 }
    }

    var carried: [FlatBuffer<Scalar>] { actors.weights + critics.weights }

    func start(from policy: FlatBuffer<Scalar>) {
      for population in actors.networks.indices {
        var stream = solver.learning.stream(0, "initial", population)
        actors.draw(population, startsFlat: true, using: &stream)
        critics.draw(population, startsFlat: true, using: &stream)
      }
    }

    func step(
      _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
    ) -> [StartValues] {
      workspace.forward(policy, into: flow)
      let values = workspace.backward(policy, in: flow, goal: .both)
      sampler.refresh()
      for population in actors.networks.indices {
        var stream = solver.learning.stream(iteration, "episodes", population)
        let episodes = sampler.episodes(
          solver.learning.episodes, population: population, policy: policy, exploration: 0,
          using: &stream)
        improve(population, episodes, &stream)
        actors.networks[population].writePolicy(
          actors.networks[population].table(actors.weights[population].parameters), scale: 1,
          workspace.game.shapes[population], population: population, workspace.layout, into: next)
      }
      return values
    }

    private func improve(
      _ population: Int, _ episodes: FlowSampler<Scalar>.Episodes, _ stream: inout RandomStream
    ) {
      let returns = self.returns(episodes)
      let (actor, critic) = (actors.networks[population], critics.networks[population])
      var criticParameters = critics.weights[population].parameters
      var criticOptimiser = Adam<Float>(
        count: criticParameters.count, stepSize: solver.learning.stepSize)
      critic.regress(
        &criticParameters, &criticOptimiser, steps: episodes.steps, states: episodes.states,
        columns: [Int32](repeating: 0, count: episodes.count), targets: returns,
        epochs: 2 * solver.learning.epochs, minibatch: solver.learning.minibatch, using: &stream)
      critics.weights[population].parameters = criticParameters
      let expected = critic.network.outputs(
        criticParameters, critic.input(episodes.steps, episodes.states))
      let shape = workspace.game.shapes[population]
      var mask: [UInt8]?
      if shape.available != nil {
        mask = episodes.states.flatMap { state in
          (0..<shape.actionCount).map { shape.isAvailable(Int(state), $0) ? 1 : 0 }
        }
      }
      let batch = PolicyBatch<Float>(
        input: actor.input(episodes.steps, episodes.states), mask: mask, actions: episodes.actions,
        weights: [Float](repeating: 0, count: episodes.count)
      ).weighted(byMeanOf: normalised(zip(returns, expected).map { $0 - $1 }))
      var parameters = actors.weights[population].parameters
      var optimiser = Adam<Float>(count: parameters.count, stepSize: solver.learning.stepSize)
      _ = solver.optimisation.improve(
        actor.network, &parameters, batch, optimiser: &optimiser, using: &stream)
      actors.weights[population].parameters = parameters
    }

    /// Sums of the rewards from each decision to the end of its episode.
    private func returns(_ episodes: FlowSampler<Scalar>.Episodes) -> [Float] {
      var result = episodes.rewards
      for row in stride(from: episodes.count - 1, through: 0, by: -1)
      where episodes.next[row] >= 0 { result[row] += result[row + 1] }
      return result
    }

    private func normalised(_ values: [Float]) -> [Float] {
      let mean = values.reduce(0, +) / Float(max(values.count, 1))
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let scale = 1 / ((square / Float(max(values.count, 1))).squareRoot() + 1e-8)
      return values.map { ($0 - mean) * scale }
    }
  }
}
