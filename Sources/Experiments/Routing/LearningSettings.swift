/// How learners are trained and evaluated in an experiment.
public struct LearningSettings: Codable, Hashable, Sendable {
  /// In what state a learner plays the episodes that count.
  public enum Evaluation: String, Codable, Hashable, Sendable, CaseIterable {
    /// Each episode starts from the trained state, and learning goes on within the episode: what a
    /// router that meets this traffic or failure for the first time does. Episodes are independent.
    case snapshot
    /// Learning goes on from episode to episode, as in a released program's run.
    case continuing
    /// The trained state, frozen into a policy.
    case frozen
  }

  /// Episodes on the intact network before those that count; 0…1,000,000. Default nil: each
  /// algorithm's own (in `--help` of `simulate`).
  public var trainingEpisodes: Int?
  /// Default `snapshot`.
  public var evaluation = Evaluation.snapshot

  public init() {}
}
