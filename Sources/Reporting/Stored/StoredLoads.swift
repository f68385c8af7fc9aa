/// Packets per tick on every router and link: `load.csv` of a run folder.
struct StoredLoads {
  struct Load {
    /// Forwarded by each router, packets per tick.
    var routers: [Double]
    /// Carried by each link, both directions, packets per tick.
    var links: [Double]
  }
  private struct Key: Hashable {
    var algorithm: String
    var failure: String
    var place: Double
  }
  private var loads: [Key: Load] = [:]

  init(folder: String, network: StoredNetwork) throws(ReportError) {
    let table = try StoredTable(folder: folder, file: "load.csv")
    let columns = (
      try table.column("algorithm"), try table.column("failure"), try table.column("place"),
      try table.column("kind"), try table.column("index"), try table.column("packets_per_tick")
    )
    let empty = Load(
      routers: Array(repeating: 0, count: network.routers.count),
      links: Array(repeating: 0, count: network.links.count))
    for row in table.rows {
      guard let place = Double(row[columns.2]), let index = Int(row[columns.4]), index >= 0,
        let value = Double(row[columns.5])
      else { throw ReportError(.input, "'\(folder)/load.csv' has a row that is no load.") }
      let key = Key(algorithm: row[columns.0], failure: row[columns.1], place: place)
      if row[columns.3] == "router", index < network.routers.count {
        loads[key, default: empty].routers[index] = value
      } else if row[columns.3] == "link", index < network.links.count {
        loads[key, default: empty].links[index] = value
      }
    }
  }

  func load(_ algorithm: String, failure: String?, place: Double) -> Load? {
    loads[Key(algorithm: algorithm, failure: failure ?? "", place: place)]
  }
}
