extension SimulationModel {
  /// How old everything is that a router hears from a neighbour when it reads it.
  ///
  /// Written `now`, `linkLatency` or a whole number of ticks, in files as on the command line.
  ///
  /// ## Time convention
  /// At age A a decision in tick `t` sees the neighbour as it was at the decisions of tick `t − A`: its
  /// queue after that tick's arrivals, and what it had learned by the end of the tick before. At age 0
  /// it also sees what routers with lower numbers learned in this very tick. Before the first tick of
  /// an episode everybody knows what was learned in the episodes before, and queues are empty.
  public enum ObservationAge: Hashable, Sendable {
    /// Read at once, as the MAMRL paper assumes.
    case now
    /// As old as the link to that neighbour is long.
    case linkLatency
    /// A fixed number of ticks.
    case ticks(Int)

    /// Ticks that what comes over a link of the given latency is old.
    public func age(latency: Int) -> Int {
      switch self {
      case .now: 0
      case .linkLatency: latency
      case .ticks(let ticks): max(ticks, 0)
      }
    }
  }
}

extension SimulationModel.ObservationAge: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let ticks = try? container.decode(Int.self) {
      self = .ticks(ticks)
      return
    }
    switch try? container.decode(String.self) {
    case "now": self = .now
    case "linkLatency": self = .linkLatency
    default:
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "now, linkLatency or a whole number of ticks")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .now: try container.encode("now")
    case .linkLatency: try container.encode("linkLatency")
    case .ticks(let ticks): try container.encode(ticks)
    }
  }
}
