/// A published figure or comparison that a command runs anew.
public struct MeanFieldReproduction: Sendable {
  /// What the command line calls it.
  public let name: String
  /// One sentence.
  public let documentation: String
  public let run: @Sendable (Request) -> Outcome

  /// How to run it.
  public struct Request: Sendable, Hashable {
    /// Fewer runs and shorter ones, to see that everything works.
    public var isQuick: Bool
    public var seed: UInt64
    public var threads: Int

    public init(isQuick: Bool = false, seed: UInt64 = 1, threads: Int = 1) {
      self.isQuick = isQuick
      self.seed = seed
      self.threads = threads
    }
  }

  /// Tables, and how gnuplot draws them.
  public struct Outcome: Sendable {
    public var figures: [Figure] = []
    /// The numbers that matter, in order.
    public var numbers: [(name: String, value: Double)] = []
    /// Sentences that explain them.
    public var notes: [String] = []

    mutating func note(_ name: String, _ value: Double) { numbers.append((name, value)) }
  }

  /// A table with a drawing.
  public struct Figure: Sendable {
    public var name: String
    public var columns: [(name: String, values: [Double])]
    /// gnuplot commands; the file is in the variable `data`.
    public var commands: [String]
    public var width = 900
    public var height = 420

    init(_ name: String, _ columns: [(String, [Double])], _ commands: [String]) {
      self.name = name
      self.columns = columns.map { (name: $0.0, values: $0.1) }
      self.commands = commands
    }

    /// The table as CSV; missing and infinite numbers are empty fields.
    public var csv: String {
      let rows = columns.map(\.values.count).max() ?? 0
      var lines = [columns.map(\.name).joined(separator: ",")]
      for row in 0..<rows {
        lines.append(
          columns.map { column in
            guard row < column.values.count, column.values[row].isFinite else { return "" }
            return "\(column.values[row])"
          }.joined(separator: ","))
      }
      return lines.joined(separator: "\n") + "\n"
    }
  }

  /// Everything that this room reproduces.
  public static let all: [MeanFieldReproduction] = [
    malware(isTeam: true), malware(isTeam: false), malwareAsPrinted, fluctuation, auction,
    congestion, controlError, dispatch, nPlayerGap, complexity, pareto, population, lecture,
  ]
}

/// Mean and standard deviation of columns of numbers.
enum Spread {
  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  static func deviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let centre = mean(values)
    let sum = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (sum / Double(values.count - 1)).squareRoot()
  }

  /// Half the width of the 95 % interval of the mean.
  static func margin(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .infinity }
    return PowerLaw.studentQuantile(values.count - 1) * deviation(values)
      / Double(values.count).squareRoot()
  }
}
