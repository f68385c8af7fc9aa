/// Looks for an equilibrium as a minimum: flow, values and slacks descend on the residuals of the
/// conditions that an equilibrium satisfies exactly.
///
/// ```swift
/// let solver = OccupationMeasureOptimisation(stepSize: 0.01)
/// let search = EquilibriumSearch(PreparedGame(BeachBar<Double>()), solver)
/// ```
///
/// ## Method
/// Minimise `c1 ‖A_L L − b‖ + c2 ‖A_Lᵀ y + z − c_L‖ + c3 ⟨z, L⟩` (`OccupationMeasureObjective` says what it means)
/// over measures L ≥ 0 that sum to one at every step, `z ≥ 0` with `1ᵀz ≤ S A (T² + T + 2) r_max`, and
/// `‖y‖₂ ≤ S (T + 1) (T + 2) r_max / 2`, by Adam:
/// - projected: each step is followed by the projection onto these sets, or
/// - parametrised: `L_t = softmax(u_t)`, `z` = bound · softmax(v) without its last entry, `y = bound′ · sin w`.
///
/// It needs neither monotonicity nor a unique equilibrium; the value of the objective bounds the
/// exploitability.
///
/// - Algorithm: occupation-measure-optimisation | Guo, Hu & Zhang 2022 | MF-OMO, equations (8) and appendix A.3 | exact check passed
/// - Source: Guo, Hu, Zhang (2022), *MF-OMO: an optimization formulation of mean-field games*,
///   arXiv 2206.09608; losses, residual balancing and defaults as in MFGLib 0.3.
/// - Differs: derivatives by the mean field are four-point differences (any game has them); sweeps
///   are sparse; r_max is the largest reward in the first flow unless it is given. MFGLib's
///   parametrised start from optimal values gives the last slack's complement; here the slack.
/// - Randomness: none.
/// - Complexity: beside the measurement two sparse sweeps, four passes over the rewards (four for each
///   state where a reward reads other states) and Adam; ten tables of memory.
/// - Verified: `OccupationMeasureOptimisationTests` (traces of MFGLib in float64).
public struct OccupationMeasureOptimisation: FiniteHorizonSolver {
  public static let name = "occupation-measure-optimisation"

  /// How residuals are measured.
  public enum Loss: String, Codable, Sendable, CaseIterable {
    /// Sums of squares; ⟨z, L⟩ as it is (MFGLib's l1_l2).
    case mixed
    /// Sums of squares and ⟨z, L⟩² (l2).
    case squared
    /// Sums of absolute values (l1).
    case absolute

    func size<Scalar: FlowScalar>(_ residual: Scalar) -> Double {
      self == .absolute ? Double(abs(residual)) : Double(residual) * Double(residual)
    }

    func slope<Scalar: FlowScalar>(_ residual: Scalar) -> Scalar {
      if self != .absolute { return 2 * residual }
      return residual > 0 ? 1 : residual < 0 ? -1 : 0
    }
  }

  /// Where the measure starts.
  public enum Start: String, Codable, Sendable, CaseIterable {
    /// The first policy's flow.
    case flow
    /// All states alike at every step (MFGLib's).
    case spread
  }

  /// Adam's step, > 0; default .1 (MFGLib's).
  public var stepSize: Double = 0.1
  /// Default mixed (MFGLib's).
  public var loss: Loss = .mixed
  /// c1, c2, c3 ≥ 0; default 1 each (MFGLib's).
  public var flowWeight: Double = 1
  public var valueWeight: Double = 1
  public var complementarityWeight: Double = 1
  /// Unconstrained through softmax and sine; default false.
  public var isParametrised: Bool = false
  /// Whether U and z start at the optimal values in the first measure, else at zero; default true.
  public var startsAtValues: Bool = true
  /// Default spread: MFGLib's.
  public var start: Start = .spread
  /// Iterations between adjustments of c1 and c2; nil: never. Default nil.
  public var balancing: Int?
  /// r_max; nil: the largest reward in size in the first measure. Default nil.
  public var rewardBound: Double?

  public init(stepSize: Double = 0.1) { self.stepSize = stepSize }

  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let descent = OccupationMeasureDescent(workspace, self)
    return FlowStepper(
      workspace, carried: descent.carried, start: descent.start(from:)
    ) { iteration, policy, flow, next in
      let values = workspace.backward(policy, in: flow, goal: .both)
      descent.step(iteration, to: next)
      return values
    }
  }
}
