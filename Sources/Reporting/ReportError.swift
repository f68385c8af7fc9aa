/// Why a report cannot be made; `description` is one sentence.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of trouble it is, for the exit code: input or the world around.
  public enum Kind: Sendable, Hashable {
    /// The run folder is missing, damaged or of another kind.
    case input
    /// A program that draws figures is missing or failed.
    case environment
  }
  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
