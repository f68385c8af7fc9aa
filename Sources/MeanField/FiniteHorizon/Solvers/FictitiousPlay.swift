/// Best-responds to the average of all flows so far.
///
/// ```swift
/// let search = EquilibriumSearch(PreparedGame(BeachBar<Double>()), FictitiousPlay())
/// ```
///
/// ## Method
/// `π_{i+1}(a|s) = [(1−w) μ_i(s) π_i(a|s) + w μ_br(s) π_br(a|s)] / [(1−w) μ_i(s) + w μ_br(s)]`
/// - `π_br`: best response in the flow of π_i, actions within `tieTolerance` of the best sharing
///   equally; `μ_br`: the flow that the best response itself induces.
/// - `w`: 1/(i + 2), or `weight` where it is set (1 is the plain fixed-point iteration).
/// - States that neither flow visits get equal probabilities.
///
/// - Algorithm: fictitious-play | Perrin et al. 2020 | algorithm 1 | exact check passed
/// - Source: Perrin et al. (2020), *Fictitious play for mean field games: continuous time analysis
///   and applications*, NeurIPS; Perolat et al. (2021), arXiv 2103.00623, algorithm 1.
/// - Differs: None known.
/// - Randomness: none; ties as above.
/// - Complexity: two forward sweeps and one backward sweep.
/// - Verified: `FiniteHorizonReferenceTests`.
public struct FictitiousPlay: FiniteHorizonSolver {
  public static let name = "fictitious-play"
  /// In (0, 1]; nil means 1/(i + 2). Default nil (the paper's).
  public var weight: Double?
  /// Actions whose value is within this of the best share equally, in units of reward; default 1e−9
  /// (MFGLib compares for equality, which depends on rounding).
  public var tieTolerance: Double

  public init(weight: Double? = nil, tieTolerance: Double = 1e-9) {
    self.weight = weight
    self.tieTolerance = tieTolerance
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func makeStepper<Scalar: FlowScalar>(
    _ workspace: FlowWorkspace<Scalar>
  ) -> any PolicyStepper<Scalar> {
    let responseFlow = PopulationFlow(workspace.game)
    let response = FlatBuffer<Scalar>(count: workspace.layout.tableCount)
    let unvisited = FlatBuffer(FiniteHorizonPolicy.uniform(workspace.game).values)
    let tolerance = Scalar(tieTolerance)
    let weight = weight
    return FlowStepper(workspace) { iteration, policy, flow, next in
      let values = workspace.bestResponse(
        to: policy, in: flow, tolerance: tolerance, into: response)
      workspace.forward(response, into: responseFlow)
      workspace.average(
        (policy, flow), (response, responseFlow),
        weight: Scalar(weight ?? 1 / Double(iteration + 2)), unvisited: unvisited, into: next)
      return values
    }
  }
}
