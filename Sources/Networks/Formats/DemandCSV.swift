/// Demands as CSV: `source,target,demand`, and a column `matrix` (from 0) for a series.
///
/// ```
/// # unit: Mbit/s
/// matrix,source,target,demand
/// 0,A,B,12.5
/// 1,A,B,13
/// ```
enum DemandCSV {
  private static let sources = ["source", "from", "src"]
  private static let targets = ["target", "to", "dst", "dest", "destination"]
  private static let values = ["demand", "value", "bw", "traffic"]

  static func read(_ text: InputText, _ topology: Topology) throws(InputError) -> LoadedDemands {
    var reader = Reader(text: text, topology: topology)
    return try reader.read()
  }

  /// The text of a series; pairs without demand are left out, but for one row of each matrix.
  static func write(_ series: [TrafficMatrix], topology: Topology) -> String {
    var out = ""
    if let unit = series.first?.unit { out += "# unit: \(unit)\n" }
    out += (series.count > 1 ? "matrix," : "") + "source,target,demand\n"
    let names = topology.routers.map { CSVRow.quoted($0.name) }
    let n = topology.routerCount
    for (number, matrix) in series.enumerated() {
      let prefix = series.count > 1 ? "\(number)," : ""
      let pairs = (0..<n * n).filter { matrix.values[$0] > 0 }
      for pair in pairs.isEmpty ? [0] : pairs {
        out += "\(prefix)\(names[pair / n]),\(names[pair % n]),"
        out += "\(NumberText.exact(matrix.values[pair]))\n"
      }
    }
    return out
  }

  private struct Reader {
    let text: InputText
    let topology: Topology
    private var unit: String?
    private var known: [String: RouterID] = [:]
    private var matrices: [DemandBuilder] = []
    private var log: WarningLog
    private var columns: (matrix: Int?, source: Int, target: Int, value: Int)?
    private var separator: Character = ","

    init(text: InputText, topology: Topology) {
      self.text = text
      self.topology = topology
      log = WarningLog(file: text.file)
      for (index, router) in topology.routers.enumerated() {
        known[router.name] = RouterID(index)
      }
    }

    mutating func read() throws(InputError) -> LoadedDemands {
      var cursor = text.lines()
      while let line = cursor.next() {
        guard line.bytes.count <= 100_000 else {
          throw text.error(line.number, expected: "a line is longer than 100000 bytes")
        }
        let string = NetworkBuilder.trimmed(line.string)
        if string.hasPrefix("#") {
          let body = string.drop { $0 == "#" || $0 == " " }
          if body.hasPrefix("unit:") { unit = NetworkBuilder.clean(String(body.dropFirst(5))) }
        } else if !string.isEmpty {
          try row(string, line.number)
        }
      }
      guard !matrices.isEmpty else {
        throw text.error(nil, expected: "at least one row of demands was expected")
      }
      let unit = unit
      var series: [TrafficMatrix] = []
      for matrix in matrices { series.append(matrix.finish(unit: unit, log: &log)) }
      return LoadedDemands(series: series, warnings: log.warnings)
    }

    private mutating func row(_ string: String, _ line: Int) throws(InputError) {
      if columns == nil { separator = CSVRow.separator(of: string) }
      guard let fields = CSVRow.fields(string, separator: separator) else {
        throw text.error(line, expected: "a quote is not closed")
      }
      guard let columns else {
        self.columns = try header(fields, line)
        return
      }
      let last = max(columns.source, columns.target, columns.value, columns.matrix ?? 0)
      guard fields.count > last else {
        throw text.error(line, value: string, expected: "\(last + 1) fields were expected")
      }
      let number = columns.matrix.map { Int(fields[$0]) } ?? 0
      guard let number, (0...matrices.count).contains(number) else {
        throw text.error(
          line, field: "matrix", value: fields[columns.matrix ?? 0],
          expected: "matrices are numbered 0, 1, 2, … in order")
      }
      if number == matrices.count { try addMatrix(line) }
      try matrices[number].add(
        try router(fields[columns.source], "source", line),
        try router(fields[columns.target], "target", line),
        InputText.number(fields[columns.value]), text: fields[columns.value], file: text.file,
        line: line)
    }

    private mutating func addMatrix(_ line: Int) throws(InputError) {
      let n = topology.routerCount
      guard (matrices.count + 1) * n * n <= 50_000_000 else {
        throw text.error(line, expected: "the series is too long to be held in memory")
      }
      matrices.append(try DemandBuilder(routerCount: n, file: text.file, line: line))
    }

    private func header(
      _ fields: [String], _ line: Int
    ) throws(InputError) -> (matrix: Int?, source: Int, target: Int, value: Int) {
      let lowered = fields.map { $0.lowercased() }
      guard let source = lowered.firstIndex(where: DemandCSV.sources.contains),
        let target = lowered.firstIndex(where: DemandCSV.targets.contains),
        let value = lowered.firstIndex(where: DemandCSV.values.contains)
      else {
        throw text.error(
          line, value: fields.joined(separator: ", "),
          expected: "a header with 'source', 'target' and 'demand' was expected")
      }
      return (lowered.firstIndex(of: "matrix"), source, target, value)
    }

    private func router(
      _ name: String, _ field: String, _ line: Int
    ) throws(InputError) -> RouterID {
      guard let router = known[name] else {
        throw text.error(
          line, field: field, value: name, expected: "\(topology.name) has no router of this name")
      }
      return router
    }
  }
}
