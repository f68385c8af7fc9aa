import Networks

/// How episodes are played, apart from what is played: nothing here changes a result.
public struct PlaySettings: Codable, Hashable, Sendable {
  /// Episodes that a frozen policy plays in step, one decision for all of them; 1…1024. Default 8.
  public var replicas = 8

  public init() {}

  /// - Throws: `InputError` where a number is out of range.
  public func validate() throws(InputError) {
    guard (1...1024).contains(replicas) else {
      throw InputError(
        file: "--set", field: "replicas", value: "\(replicas)",
        expected: "expected a whole number from 1 to 1024")
    }
  }
}
