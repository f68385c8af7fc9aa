/// A figure or table of a source that the program can make again, with a verdict.
public struct Reproduction: Sendable {
  /// In kebab-case, as in `wayfield reproduce mamrl-fig4`.
  public let id: String
  /// One sentence.
  public let summary: String
  /// Whether it listens to `ReproductionOptions.settings`.
  public let takesSettings: Bool
  public let run: @Sendable (ReproductionOptions) throws -> ReproductionOutcome

  public init(
    id: String, summary: String, takesSettings: Bool = false,
    run: @escaping @Sendable (ReproductionOptions) throws -> ReproductionOutcome
  ) {
    self.id = id
    self.summary = summary
    self.takesSettings = takesSettings
    self.run = run
  }
}

/// How a reproduction is run.
public struct ReproductionOptions: Sendable {
  /// The small form: minutes, with fewer episodes and smaller networks, as the report says.
  public var quick: Bool
  /// Independent trainings; the intervals are over them.
  public var seeds: Int
  public var rootSeed: UInt64
  public var threads: Int
  /// Restricts a reproduction to some of its networks or loads; nil means all.
  public var networks: [String]?
  public var loads: [Double]?
  /// Where public networks and demands lie, for the reproductions that measure on them.
  public var dataFolder: String?
  /// Settings of model, learning and algorithm, for the routing studies.
  public var settings: [String] = []
  /// Keeps finished pieces, so that a run that was killed goes on where it was.
  public var store: PieceStore
  public var observer: any ProgressObserver

  public init(
    quick: Bool, seeds: Int = 5, rootSeed: UInt64 = 1, threads: Int = 1,
    networks: [String]? = nil, loads: [Double]? = nil, dataFolder: String? = nil,
    settings: [String] = [], store: PieceStore = PieceStore(folder: nil),
    observer: any ProgressObserver = SilentProgress()
  ) {
    self.quick = quick
    self.seeds = seeds
    self.rootSeed = rootSeed
    self.threads = threads
    self.networks = networks
    self.loads = loads
    self.dataFolder = dataFolder
    self.settings = settings
    self.store = store
    self.observer = observer
  }
}

extension ReproductionOptions {
  /// The command that repeats a reproduction.
  public func command(_ id: String) -> String {
    var words = ["wayfield reproduce", id]
    if quick { words.append("--quick") }
    if let networks { words.append("--networks \(networks.joined(separator: ","))") }
    if let loads {
      words.append("--loads \(loads.map { "\($0)" }.joined(separator: ","))")
    }
    if let dataFolder { words.append("--data \(dataFolder)") }
    words += settings.map { "--set \($0)" }
    words += ["--training-seeds \(seeds)", "--seed \(rootSeed)"]
    return words.joined(separator: " ")
  }
}

/// What a reproduction came to.
public struct ReproductionOutcome: Sendable {
  /// For people: tables, and what holds in words.
  public var text: String
  public var json: JSONValue
  /// Files by name: the numbers behind the text.
  public var tables: [(name: String, table: CSVTable)]
  /// Pictures, drawn where there is a folder for them.
  public var figures: [ReproductionFigure]
  /// Of a reproduction of many: what each member's own `<id>.json` holds.
  public var documents: [(id: String, json: JSONValue)] = []

  public init(
    text: String, json: JSONValue, tables: [(name: String, table: CSVTable)],
    figures: [ReproductionFigure] = []
  ) {
    self.text = text
    self.json = json
    self.tables = tables
    self.figures = figures
  }
}

/// All reproductions by id: what `wayfield reproduce list` prints.
public enum ReproductionCatalogue {
  public static let all: [Reproduction] =
    mamrlReproductions + routingReproductions + learningReproductions

  public static func reproduction(_ id: String) -> Reproduction? { all.first { $0.id == id } }
}
