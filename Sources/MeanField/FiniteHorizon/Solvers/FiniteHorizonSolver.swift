/// An iterative solver of finite-horizon games: its parameters, and how to make the object that
/// takes its steps.
///
/// A solver's file holds only the paper's step; the loop, the trace, the best iterate, stopping and
/// resuming live in `EquilibriumSearch`.
public protocol FiniteHorizonSolver: Codable, Hashable, Sendable {
  /// Full name in kebab-case.
  static var name: String { get }
  /// Makes the object that takes the steps; called by `EquilibriumSearch`.
  func makeStepper<Scalar: FlowScalar>(_ workspace: FlowWorkspace<Scalar>) -> any PolicyStepper<
    Scalar
  >
}

/// Takes the steps of one solver on one game.
public protocol PolicyStepper<Scalar>: AnyObject {
  associatedtype Scalar: FlowScalar
  /// What the next step depends on beside the policy and the number of the iteration.
  var carried: [FlatBuffer<Scalar>] { get }
  /// Sets up for a first policy.
  func start(from policy: FlatBuffer<Scalar>)
  /// Measures `policy` (the iterate of the given number, counted from 0) and writes the following
  /// one to `next`.
  ///
  /// - Returns: for each population what the policy gets and how exploitable it is.
  func step(_ iteration: Int, from policy: FlatBuffer<Scalar>, to next: FlatBuffer<Scalar>)
    -> [StartValues]
}
