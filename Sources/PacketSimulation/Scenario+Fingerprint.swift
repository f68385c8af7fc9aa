import Foundation
import Randomness

extension Scenario {
  /// Sixteen hexadecimal digits that two scenarios share only if episodes of both are the same for
  /// every policy and seed: network, latencies, capacities, demands, packet sizes, load, horizon,
  /// outages and all settings of the model enter.
  ///
  /// A policy file carries it, so that a training is not continued where something else was learned.
  ///
  /// - Complexity: linear in links and demands.
  public var fingerprint: String {
    var node = SeedTree(root: 0)
    func add(_ name: String, _ number: Int = 0) { node = node.child(name, number) }
    func add(_ name: String, _ number: Double) {
      add(name, Int(bitPattern: UInt(number.bitPattern)))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // The model's own coding has no case that fails: numbers, flags and names.
    add((try? encoder.encode(model)).map { String(decoding: $0, as: UTF8.self) } ?? "")
    for router in topology.routers { add("router " + router.name) }
    for (index, link) in topology.links.enumerated() {
      add(link.isDirected ? "arc" : "link", link.source.index)
      add("to", link.target.index)
      add("latency", latencies[index])
      add("capacity", capacities[index])
    }
    add("load", load)
    add("horizon", horizon)
    for outage in outages {
      add("outage", outage.link.index)
      add("from", outage.from)
      add("until", outage.until ?? -1)
    }
    for demand in traffic?.values ?? [] { add("demand", demand) }
    switch packetSizes {
    case .unit: add("unit")
    case .rows(let rowCount, let values):
      add("rows", rowCount)
      for value in values { add("size", Double(value)) }
    case .lognormal(let mu, let sigma):
      for value in mu + sigma { add("lognormal", Double(value)) }
    }
    return String(format: "%016llx", node.key)
  }
}
