import PacketSimulation

extension ComparisonStore {
  private static let keyColumns = ["algorithm", "failure", "place"]

  private func key(_ result: RoutingResult) -> [CSVTable.Field] {
    [
      .text(result.entry.algorithm.name), .text(result.failure.name ?? ""),
      .number(context.fraction(load: result.load) ?? result.load),
    ]
  }

  /// One line for each episode and training seed.
  var episodes: CSVTable {
    let measures = EpisodeMeasure.all + EpisodeMeasure.causes
    var table = CSVTable(
      columns: Self.keyColumns + ["load", "training_seed", "episode"] + measures.map(\.column))
    for result in results {
      for (seed, part) in result.seeds.enumerated() {
        for (episode, metrics) in part.episodes.enumerated() {
          table.append(
            key(result) + [.number(result.load), .integer(seed), .integer(episode)]
              + measures.map { .optional($0.value(metrics)) })
        }
      }
    }
    return table
  }

  /// One line for each tick of results with a failure: means over episodes.
  var series: CSVTable {
    var table = CSVTable(
      columns: Self.keyColumns + ["tick", "generated", "delivered", "lost", "backlog"])
    for result in results where !result.failure.outages.isEmpty {
      guard let series = result.series, series.episodes > 0 else { continue }
      let mean = { (sums: [Int], tick: Int) in
        CSVTable.Field.number(Double(sums[tick]) / Double(series.episodes))
      }
      for tick in series.lost.indices {
        table.append(
          key(result) + [
            .integer(tick), mean(series.generated, tick), mean(series.delivered, tick),
            mean(series.lost, tick), mean(series.backlog, tick),
          ])
      }
    }
    return table
  }

  /// Packets per tick that each router forwards and each link carries, both directions together.
  var loads: CSVTable {
    var table = CSVTable(columns: Self.keyColumns + ["kind", "index", "packets_per_tick"])
    for result in results {
      let topology = result.scenario.topology
      let arcs = result.packetsPerTickOnArcs
      var routers = [Double](repeating: 0, count: topology.routerCount)
      var links = [Double](repeating: 0, count: topology.links.count)
      for (arc, value) in zip(topology.arcs, arcs) {
        routers[arc.source.index] += value
        links[arc.link.index] += value
      }
      for (kind, values) in [("router", routers), ("link", links)] {
        for (index, value) in values.enumerated() {
          table.append(key(result) + [.text(kind), .integer(index), .number(value)])
        }
      }
    }
    return table
  }

  /// Packets of each source–destination pair and how many of them were delivered, pooled over
  /// episodes: what the fairness guard is made of.
  var pairs: CSVTable {
    var table = CSVTable(
      columns: Self.keyColumns + [
        "training_seed", "source", "destination", "packets", "delivered",
      ])
    for result in results {
      let names = result.scenario.topology.routers.map(\.name)
      for (seed, part) in result.seeds.enumerated() {
        let counts = part.pairs
        for pair in counts.packets.indices where counts.packets[pair] > 0 {
          table.append(
            key(result) + [
              .integer(seed), .text(names[pair / names.count]), .text(names[pair % names.count]),
              .integer(Int(counts.packets[pair])), .integer(Int(counts.delivered[pair])),
            ])
        }
      }
    }
    return table
  }
}
