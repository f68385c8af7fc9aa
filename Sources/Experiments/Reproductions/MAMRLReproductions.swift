import Networks

extension ReproductionCatalogue {
  /// The figures and tables of seeds 000 and 001.
  static let mamrlReproductions: [Reproduction] = [
    Reproduction(
      id: "mamrl-fig4", summary: "Delivery time against load, one trained model per load."
    ) { try MAMRLLoadFigure(study: try .paper($0)).run() },
    Reproduction(
      id: "mamrl-fig5", summary: "Packets lost, episode by episode, after a link failure."
    ) { try MAMRLFailureStudy(study: try .paper($0)).run("mamrl-fig5", .lost) },
    Reproduction(
      id: "mamrl-fig6", summary: "Delivery time, episode by episode, after a link failure."
    ) { try MAMRLFailureStudy(study: try .paper($0)).run("mamrl-fig6", .deliveryTime) },
    Reproduction(
      id: "mamrl-fig7", summary: "Reward, episode by episode, after a link failure."
    ) { try MAMRLFailureStudy(study: try .paper($0)).run("mamrl-fig7", .reward) },
    Reproduction(id: "mamrl-table1", summary: "Routers and links of the three networks.") { _ in
      try mamrlTable1()
    },
    Reproduction(id: "mamrl-table2", summary: "Episodes to adapt to a link failure.") {
      try MAMRLFailureStudy(study: try .paper($0)).run("mamrl-table2", nil)
    },
    Reproduction(
      id: "mamrl-ablation",
      summary: "Global or local state, global, consensus or local reward (seed 000's question)."
    ) { try MAMRLAblation(study: try .paper($0)).run() },
    Reproduction(
      id: "mamrl-flaws", summary: "The published system with its flaws repaired one at a time."
    ) { try MAMRLFlawStudy(study: try .paper($0)).run() },
    Reproduction(
      id: "mamrl-reward", summary: "What training on the published reward does to delivery."
    ) { try MAMRLRewardStudy(study: try .paper($0)).run() },
    Reproduction(
      id: "mamrl-adaptation",
      summary: "What makes the sound learner adapt to every single link failure."
    ) { try MAMRLAdaptationStudy(study: try .paper($0)).run() },
    Reproduction(
      id: "mamrl-fisher",
      summary: "What Fisher products on every tenth decision do to the result."
    ) { try MAMRLFisherStudy(study: try .paper($0)).run() },
    Reproduction(
      id: "mamrl-all", summary: "All of the MAMRL paper's figures and tables, in one folder."
    ) { try mamrlAll($0) },
  ]

  /// Every reproduction of the paper, one after the other; what two of them need is trained once.
  private static func mamrlAll(_ options: ReproductionOptions) throws -> ReproductionOutcome {
    var all = ReproductionOutcome(text: "", json: .null, tables: [])
    for reproduction in mamrlReproductions where reproduction.id != "mamrl-all" {
      let one = try reproduction.run(options)
      all.text += (all.text.isEmpty ? "" : "\n\n") + "== \(reproduction.id) ==\n" + one.text
      all.tables += one.tables
      all.figures += one.figures
      all.documents.append((reproduction.id, one.json))
    }
    all.json = [
      "id": "mamrl-all", "quick": .bool(options.quick),
      "parts": .array(all.documents.map(\.json)),
    ]
    return all
  }

  /// Table 1: sizes as printed and as in the released files.
  private static func mamrlTable1() throws -> ReproductionOutcome {
    let printed = [("b4", 12, 19), ("geant", 21, 32), ("att", 25, 56)]
    var table = CSVTable(columns: [
      "network", "routers", "links", "printedRouters", "printedLinks",
    ])
    var lines = ["network  routers (printed)  links (printed)"]
    var members: [JSONValue] = []
    for (name, routers, links) in printed {
      let topology = try TopologyCatalogue.load(name).topology
      let (n, m) = (topology.routerCount, topology.links.count)
      table.append([.text(name), .integer(n), .integer(m), .integer(routers), .integer(links)])
      lines.append("\(name.padded(8)) \("\(n) (\(routers))".padded(18)) \(m) (\(links))")
      members.append([
        "network": .string(name), "routers": .integer(n), "links": .integer(m),
        "printedRouters": .integer(routers), "printedLinks": .integer(links),
      ])
    }
    return ReproductionOutcome(
      text: lines.joined(separator: "\n")
        + "\n\nThe released Geant file has one router more than the paper's table.",
      json: ["id": "mamrl-table1", "results": .array(members)],
      tables: [("mamrl-table1.csv", table)])
  }
}
