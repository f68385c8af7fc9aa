import Foundation
import Learning
import Randomness

/// Mirror descent whose running sum of values lives in a network, learned from sampled agents.
///
/// ```swift
/// var solver = DeepMunchausenMirrorDescent()
/// solver.temperature = 0.5
/// let search = EquilibriumSearch(PreparedGame(BeachBar<Double>()), solver)
/// ```
///
/// ## Method
/// With π_i = softmax(q_i/τ), q_{i+1} is fitted to
/// `r + α τ log π_i(a|s) + Σ_{a'} π_i(a'|s') (q⁻(s',a') − τ log π_i(a'|s'))`
/// on transitions sampled in the flow of π_i, the target network q⁻ being renewed `refreshes` times.
///
/// - Algorithm: deep-munchausen-mirror-descent | Laurière et al. 2022 | algorithm 2, D-MOMD | exact check passed
/// - Source: Laurière, Perrin, Girgin et al. (2022), *Scalable deep reinforcement learning
///   algorithms for mean field games*, ICML, arXiv 2203.11973.
/// - Differs: fresh on-policy samples with exploration for every iteration instead of a replay
///   buffer; the flow is computed exactly.
/// - Randomness: `SeedTree(root: seed).child("deep", iteration)`, streams per population.
/// - Complexity: per iteration `refreshes · epochs` passes over `episodes · (T + 1)` rows.
/// - Verified: `DeepSolverTests` (closed form of left-right, exact exploitability, five seeds).
public struct DeepMunchausenMirrorDescent: FiniteHorizonSolver {
  public static let name = "deep-munchausen-mirror-descent"
  public var learning = DeepLearningConfiguration()
  /// τ > 0, in units of reward; default 1.
  public var temperature: Double = 1
  /// α in [0, 1]; default 1.
  public var munchausen: Double = 1
  /// Share of random actions in the samples, in [0, 1]; default .3.
  public var exploration: Double = 0.3
  /// Renewals of the target network per iteration; nil: T + 1, so that values travel the horizon.
  public var refreshes: Int?

  public init() {}

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    Stepper(workspace, self)
  }

  private final class Stepper<Scalar: FlowScalar>: PolicyStepper {
    private let workspace: FlowWorkspace<Scalar>
    private let solver: DeepMunchausenMirrorDescent
    private let flow: PopulationFlow<Scalar>
    private let sampler: FlowSampler<Scalar>
    private let values: PopulationNetworks<Scalar>

    init(_ workspace: FlowWorkspace<Scalar>, _ solver: DeepMunchausenMirrorDescent) {
      self.workspace = workspace
      self.solver = solver
      let flow = PopulationFlow(workspace.game)
      self.flow = flow
      sampler = FlowSampler(workspace, flow)
      values = PopulationNetworks(workspace.game, hidden: solver.learning.hidden)
    }

    var carried: [FlatBuffer<Scalar>] { values.weights }

    func start(from policy: FlatBuffer<Scalar>) {
      for population in values.networks.indices {
        var stream = solver.learning.stream(0, "initial", population)
        values.draw(population, startsFlat: true, using: &stream)
      }
    }

    func step(
      _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
    ) -> [StartValues] {
      workspace.forward(policy, into: flow)
      let starts = workspace.backward(policy, in: flow, goal: .both)
      sampler.refresh()
      for population in values.networks.indices {
        var stream = solver.learning.stream(iteration, "episodes", population)
        let episodes = sampler.episodes(
          solver.learning.episodes, population: population, policy: policy,
          exploration: solver.exploration, using: &stream)
        let outputs = train(population, episodes, policy, &stream)
        values.networks[population].writePolicy(
          outputs, scale: 1 / solver.temperature, workspace.game.shapes[population],
          population: population, workspace.layout, into: next)
      }
      return starts
    }

    /// Fits the network and returns its outputs for every step and state.
    private func train(
      _ population: Int, _ episodes: FlowSampler<Scalar>.Episodes, _ policy: FlatBuffer<Scalar>,
      _ stream: inout RandomStream
    ) -> [Float] {
      let net = values.networks[population]
      var parameters = values.weights[population].parameters
      var optimiser = Adam<Float>(count: parameters.count, stepSize: solver.learning.stepSize)
      for _ in 0..<(solver.refreshes ?? workspace.game.stepCount) {
        let targets = targets(population, episodes, policy, net.table(parameters))
        net.regress(
          &parameters, &optimiser, steps: episodes.steps, states: episodes.states,
          columns: episodes.actions, targets: targets, epochs: solver.learning.epochs,
          minibatch: solver.learning.minibatch, using: &stream)
      }
      values.weights[population].parameters = parameters
      return net.table(parameters)
    }

    private func targets(
      _ population: Int, _ episodes: FlowSampler<Scalar>.Episodes, _ policy: FlatBuffer<Scalar>,
      _ outputs: [Float]
    ) -> [Float] {
      let shape = workspace.game.shapes[population]
      let tau = solver.temperature
      func probability(_ step: Int, _ state: Int, _ action: Int) -> Double {
        Double(
          policy.base[
            workspace.layout.table(population, step) + action * shape.stateCount + state])
      }
      return (0..<episodes.count).map { row in
        let step = Int(episodes.steps[row])
        let own = probability(step, Int(episodes.states[row]), Int(episodes.actions[row]))
        var target =
          Double(episodes.rewards[row]) + solver.munchausen * tau * log(max(own, 1e-30))
        let following = Int(episodes.next[row])
        guard following >= 0 else { return Float(target) }
        for action in 0..<shape.actionCount {
          let p = probability(step + 1, following, action)
          if p <= 0 { continue }
          let entry = ((step + 1) * shape.stateCount + following) * shape.actionCount + action
          target += p * (Double(outputs[entry]) - tau * log(p))
        }
        return Float(target)
      }
    }
  }
}
