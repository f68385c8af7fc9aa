import Routing

/// A training whose rewards or gradients grew beyond every number: it has learned nothing that could be
/// kept.
public struct TrainingDiverged: Error, Hashable, CustomStringConvertible {
  public var iteration: Int
  public var consensus: ConsensusForm

  public var description: String {
    let reason =
      consensus == .printed
      ? "the consensus of Eq. 4 as printed diverges; 'consensus=released' and 'metropolis' do not"
      : "a smaller step size, trust region or price may help"
    return
      "Training diverged in iteration \(iteration): rewards or gradients are not finite (\(reason))."
  }

  /// - Throws: itself where an iteration's report is not finite.
  static func check(
    _ report: TrainingReport, _ settings: MAMRLConfiguration
  ) throws(TrainingDiverged) {
    guard report.isFinite else {
      throw TrainingDiverged(iteration: report.iteration, consensus: settings.consensus)
    }
  }
}
