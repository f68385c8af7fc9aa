import Foundation

/// The pictures of one finite-horizon answer: file names and contents.
///
/// ```swift
/// for figure in SolutionFigures.files(of: solution) { try figure.text.write(toFile: figure.name, …) }
/// ```
public enum SolutionFigures {
  /// A file of text.
  public struct File: Sendable, Hashable {
    public let name: String
    public let text: String
  }

  /// Tables with more states than this are drawn on their grid only.
  private static let stateLimit = 400

  /// `exploitability.svg` and `.csv`, and for each population (numbered where there are several) `flow.svg`,
  /// `policy.svg`, and where the states lie on a grid `crowd.svg` and the moving `crowd.html`.
  public static func files(of solution: MeanFieldSolution) -> [File] {
    var files: [File] = []
    if let trace = solution.exploitability?.trace {
      files.append(
        File(
          name: "exploitability.svg",
          text: FlowFigures.exploitability([("\(solution.solver)", trace)])))
      files.append(
        File(
          name: "exploitability.csv",
          text: "iteration,exploitability\n"
            + trace.enumerated().map { "\($0.offset),\($0.element)\n" }.joined()))
    }
    for (population, flow) in flows(solution).enumerated() {
      let ending = flow.isOnly ? "" : "-\(population)"
      let grid = population < solution.grids.count ? solution.grids[population] : nil
      files += pictures(solution, flow.laws, flow.policy, grid, ending)
    }
    return files
  }

  private static func pictures(
    _ solution: MeanFieldSolution, _ laws: [[Double]], _ policy: [[[Double]]], _ grid: GridShape?,
    _ ending: String
  ) -> [File] {
    var files: [File] = []
    let title =
      ending.isEmpty ? solution.game : "\(solution.game), population \(ending.dropFirst())"
    let states = laws.first?.count ?? 0
    if states <= stateLimit {
      files.append(
        File(
          name: "flow\(ending).svg", text: FlowFigures.flow(laws, title: "\(title): law of states"))
      )
    }
    // The last step's choice moves nobody.
    let shown = chosen(max(1, policy.count - 1), 6)
    if states <= stateLimit && !policy.isEmpty {
      files.append(
        File(
          name: "policy\(ending).svg",
          text: FlowFigures.policies(
            shown.map { policy[$0] }, titles: shown.map { "step \($0)" })))
    }
    guard let grid else { return files }
    let steps = chosen(laws.count, 6)
    if grid.rows * grid.columns <= 40_000 {
      files.append(
        File(
          name: "crowd\(ending).svg",
          text: FlowFigures.crowd(
            steps.map { laws[$0] }, titles: steps.map { "step \($0)" }, grid: grid)))
    }
    files.append(
      File(
        name: "crowd\(ending).html",
        text: CrowdPage.html(
          laws: laws.map { grid.spread($0) }, rows: grid.rows, columns: grid.columns, title: title))
    )
    return files
  }

  /// At most `limit` numbers from first to last.
  private static func chosen(_ count: Int, _ limit: Int) -> [Int] {
    if count <= limit { return Array(0..<count) }
    return (0..<limit).map { ($0 * (count - 1) + (limit - 1) / 2) / (limit - 1) }
  }

  private static func flows(
    _ solution: MeanFieldSolution
  ) -> [(laws: [[Double]], policy: [[[Double]]], isOnly: Bool)] {
    guard let field = solution.meanField, let policy = solution.policy else { return [] }
    if let laws = field.matrix, let table = policy.tensor { return [(laws, table, true)] }
    guard case .lists(let fields) = field, case .lists(let policies) = policy else { return [] }
    return zip(fields, policies).compactMap { field, policy in
      guard let laws = field.matrix, let table = policy.tensor else { return nil }
      return (laws, table, false)
    }
  }
}

extension NestedNumbers {
  /// The numbers of a list of lists.
  fileprivate var matrix: [[Double]]? {
    guard case .lists(let rows) = self else { return nil }
    let numbers = rows.compactMap { row -> [Double]? in
      if case .numbers(let values) = row { values } else { nil }
    }
    return numbers.count == rows.count ? numbers : nil
  }

  /// The numbers of a list of lists of lists.
  fileprivate var tensor: [[[Double]]]? {
    guard case .lists(let parts) = self else { return nil }
    let matrices = parts.compactMap(\.matrix)
    return matrices.count == parts.count ? matrices : nil
  }
}
