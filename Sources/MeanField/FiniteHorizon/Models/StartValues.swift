/// What one population gets from its initial law.
public struct StartValues: Codable, Sendable, Hashable {
  /// The value of the policy.
  public var policy: Double
  /// How much more a best response in the same flow would get.
  public var exploitability: Double

  public init(policy: Double, exploitability: Double) {
    self.policy = policy
    self.exploitability = exploitability
  }
}
