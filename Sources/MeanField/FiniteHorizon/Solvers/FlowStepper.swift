/// A stepper whose every step starts from the flow of the policy: what all solvers share but the few
/// lines of their own rule.
///
/// ```swift
/// FlowStepper(workspace) { iteration, policy, flow, next in
///   workspace.bestResponse(to: policy, in: flow, tolerance: 0, into: next)
/// }
/// ```
package final class FlowStepper<Scalar: FlowScalar>: PolicyStepper {
  /// Measures `policy` in its own `flow` and writes the following policy to `next`.
  package typealias Rule = (
    _ iteration: Int, _ policy: FlatBuffer<Scalar>, _ flow: PopulationFlow<Scalar>,
    _ next: FlatBuffer<Scalar>
  ) -> [StartValues]

  package let carried: [FlatBuffer<Scalar>]
  private let workspace: FlowWorkspace<Scalar>
  private let flow: PopulationFlow<Scalar>
  private let prepare: (FlatBuffer<Scalar>) -> Void
  private let rule: Rule

  /// - Parameters:
  ///   - carried: what the rule remembers between steps beside the policy.
  ///   - start: sets `carried` up for a first policy.
  package init(
    _ workspace: FlowWorkspace<Scalar>, carried: [FlatBuffer<Scalar>] = [],
    start: @escaping (FlatBuffer<Scalar>) -> Void = { _ in }, rule: @escaping Rule
  ) {
    self.workspace = workspace
    self.carried = carried
    self.rule = rule
    prepare = start
    flow = PopulationFlow(workspace.game)
  }

  /// - Parameter logarithms: carried, and at the start the logarithms of the first policy.
  package convenience init(
    _ workspace: FlowWorkspace<Scalar>, startingAtLogarithms logarithms: FlatBuffer<Scalar>,
    rule: @escaping Rule
  ) {
    self.init(
      workspace, carried: [logarithms],
      start: { logarithms.setLogarithms(of: $0) }, rule: rule)
  }

  package func start(from policy: FlatBuffer<Scalar>) { prepare(policy) }

  package func step(
    _ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>
  ) -> [StartValues] {
    workspace.forward(policy, into: flow)
    return rule(iteration, policy, flow, next)
  }
}

extension FlatBuffer {
  /// Logarithms of probabilities; −1e30 for those of zero, which a softmax treats alike and a
  /// checkpoint in JSON can hold.
  func setLogarithms(of probabilities: FlatBuffer) {
    Scalar.log(count, probabilities.base, base)
    for i in 0..<count { base[i] = max(base[i], -1e30) }
  }
}
