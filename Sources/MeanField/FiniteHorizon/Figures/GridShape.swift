/// Where the states of a population lie on a grid: for pictures only.
public struct GridShape: Sendable, Hashable, Codable {
  public var rows: Int
  public var columns: Int
  /// The cell (row · columns + column) of each state; nil where state and cell have one number.
  public var cells: [Int]?

  public init(rows: Int, columns: Int, cells: [Int]? = nil) {
    self.rows = rows
    self.columns = columns
    self.cells = cells
  }

  /// Numbers of states as numbers of cells; cells without a state get NaN.
  func spread(_ law: [Double]) -> [Double] {
    guard let cells else { return law }
    var result = [Double](repeating: .nan, count: rows * columns)
    for (state, cell) in cells.enumerated() { result[cell] = law[state] }
    return result
  }
}
