import CClp

/// A linear program in columns: `min Σ cost x` with bounds on columns and rows; solved by CLP.
///
/// ```swift
/// var program = LinearProgram(rowLower: [1], rowUpper: [.infinity])
/// program.addColumn(cost: 2, upper: .infinity, entries: [(0, 1)])
/// let solution = program.solve()   // x = 1
/// ```
///
/// - Source: COIN-OR Linear Programming, version 1.17, through its C interface.
/// - Shapes: `rowLower`, `rowUpper` are `[row]`; columns are in the order of `addColumn`.
/// - Randomness: none; one thread.
struct LinearProgram {
  private(set) var rowLower: [Double]
  private(set) var rowUpper: [Double]
  private var starts: [Int32] = [0]
  private var rows: [Int32] = []
  private var values: [Double] = []
  private var cost: [Double] = []
  private var upper: [Double] = []

  var columnCount: Int { cost.count }
  var entryCount: Int { rows.count }

  init(rowLower: [Double], rowUpper: [Double]) {
    self.rowLower = rowLower
    self.rowUpper = rowUpper
  }

  /// Adds a variable between 0 and `upper`; `entries` name each row at most once.
  mutating func addColumn(cost: Double, upper: Double, entries: [(row: Int, value: Double)]) {
    for (row, value) in entries {
      rows.append(Int32(row))
      values.append(value)
    }
    starts.append(Int32(rows.count))
    self.cost.append(cost)
    self.upper.append(upper)
  }

  /// - Parameter method: which simplex; both give an optimal basis.
  func solve(_ method: Method = .dual) -> LinearProgramSolution {
    let model = Clp_newModel()
    defer { Clp_deleteModel(model) }
    Clp_setLogLevel(model, 0)
    Clp_setPrimalTolerance(model, 1e-9)
    Clp_setDualTolerance(model, 1e-9)
    let lower = [Double](repeating: 0, count: columnCount)
    Clp_loadProblem(
      model, Int32(columnCount), Int32(rowLower.count), starts, rows, values, lower, upper, cost,
      rowLower, rowUpper)
    switch method {
    case .dual: Clp_initialDualSolve(model)
    case .primal: Clp_initialPrimalSolve(model)
    case .barrier: Clp_initialBarrierSolve(model)
    }
    return LinearProgramSolution(
      isOptimal: Clp_status(model) == 0, objective: Clp_objectiveValue(model),
      values: read(Clp_primalColumnSolution(model), columnCount),
      rowPrices: read(Clp_dualRowSolution(model), rowLower.count),
      iterations: Int(Clp_numberIterations(model)))
  }

  private func read(_ pointer: UnsafeMutablePointer<Double>?, _ count: Int) -> [Double] {
    pointer.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
      ?? [Double](repeating: 0, count: count)
  }

  enum Method: Sendable { case dual, primal, barrier }
}

/// What CLP found.
struct LinearProgramSolution: Sendable {
  var isOptimal: Bool
  var objective: Double
  /// `[column]`.
  var values: [Double]
  /// `[row]`: how much the objective grows per unit of the row's bound.
  var rowPrices: [Double]
  var iterations: Int
}
