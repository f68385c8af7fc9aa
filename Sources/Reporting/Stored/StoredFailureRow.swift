/// One failure met by one trained learner: a row of `routing-failures.csv`.
struct StoredFailureRow {
  /// What rows of one table share.
  struct Setting: Hashable {
    var fraction: Double
    var masked: Bool
    var kind: String
  }
  var network: String
  var setting: Setting
  var failure: String
  var seen: Bool
  var trainingSeed: Int
  /// nil: not adapted within the episodes played.
  var episodes: Double?
  var lost: Double
  var lostInFlight: Double
  var firstDelay: Double
  var firstReference: Double
  var levelAfter: Double
  var referenceAfter: Double

  var title: String {
    let kinds = [
      "start": "every link, down from the first tick", "middle": "every link, down in mid-episode",
      "repaired": "repair of every link", "pairs": "two links at once",
      "seen": "links seen in training and held out",
    ]
    return
      "\(kinds[setting.kind] ?? setting.kind), load \(Numbers.percent(setting.fraction)) of λ*, "
      + (setting.masked ? "own dead links masked" : "no mask")
  }

  static func read(folder: String, file: String) throws(ReportError) -> [StoredFailureRow] {
    let table = try StoredTable(folder: folder, file: file)
    var columns: [String: Int] = [:]
    for name in [
      "network", "fraction", "masked", "kind", "failure", "seen", "training_seed", "episodes",
      "lost",
      "lost_in_flight", "first_delay", "first_reference", "level_after", "reference_after",
    ] { columns[name] = try table.column(name) }
    var rows: [StoredFailureRow] = []
    for fields in table.rows {
      let text = { (name: String) in fields[columns[name] ?? 0] }
      guard let row = StoredFailureRow(text) else {
        throw ReportError(.input, "'\(folder)/\(file)' has a row that is no failure.")
      }
      rows.append(row)
    }
    return rows
  }

  private init?(_ text: (String) -> String) {
    guard let fraction = Double(text("fraction")), let seed = Int(text("training_seed")),
      let lost = Double(text("lost")), let lostInFlight = Double(text("lost_in_flight")),
      let firstDelay = Double(text("first_delay")),
      let firstReference = Double(text("first_reference")),
      let levelAfter = Double(text("level_after")),
      let referenceAfter = Double(text("reference_after"))
    else { return nil }
    network = text("network")
    setting = Setting(fraction: fraction, masked: text("masked") == "true", kind: text("kind"))
    failure = text("failure")
    seen = text("seen") == "true"
    trainingSeed = seed
    episodes = Double(text("episodes"))
    self.lost = lost
    self.lostInFlight = lostInFlight
    self.firstDelay = firstDelay
    self.firstReference = firstReference
    self.levelAfter = levelAfter
    self.referenceAfter = referenceAfter
  }
}
