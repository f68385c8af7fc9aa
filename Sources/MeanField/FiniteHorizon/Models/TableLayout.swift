/// Where the numbers of each population and step lie in a flat buffer.
///
/// - Shapes: a policy-like table is `[population][step][action][state]`, a law-like one
///   `[population][step][state]`.
public struct TableLayout: Sendable, Hashable {
  public let shapes: [PopulationShape]
  public let stepCount: Int
  /// Start of each population in a policy-like buffer; the last entry is its size.
  public let tableStarts: [Int]
  /// Start of each population in a law-like buffer; the last entry is its size.
  public let lawStarts: [Int]

  public init(shapes: [PopulationShape], stepCount: Int) {
    self.shapes = shapes
    self.stepCount = stepCount
    var tables = [0]
    var laws = [0]
    for shape in shapes {
      tables.append((tables.last ?? 0) + shape.pairCount * stepCount)
      laws.append((laws.last ?? 0) + shape.stateCount * stepCount)
    }
    tableStarts = tables
    lawStarts = laws
  }

  public var tableCount: Int { tableStarts[shapes.count] }
  public var lawCount: Int { lawStarts[shapes.count] }

  @inline(__always)
  package func table(_ population: Int, _ step: Int) -> Int {
    tableStarts[population] + step * shapes[population].pairCount
  }

  @inline(__always)
  package func law(_ population: Int, _ step: Int) -> Int {
    lawStarts[population] + step * shapes[population].stateCount
  }
}
