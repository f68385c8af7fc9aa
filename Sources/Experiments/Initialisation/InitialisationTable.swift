import Networks
import Routing

/// The results of `InitialisationStudy` on one network, as text, JSON and CSV.
struct InitialisationTable {
  typealias Start = InitialisationStudy.Start
  let network: String
  let failures: [FailureState]
  /// By failure: episode curves of the references.
  let references: [[String: [Double]]]
  /// By training: `[start][failure]`.
  let cells: [[Start: [InitialisationStudy.Cell]]]

  static let columns = [
    "network", "start", "links", "measure", "mean", "low", "high",
  ]

  enum Links: String, CaseIterable {
    case seen
    case heldOut = "held out"

    func contains(_ index: Int) -> Bool {
      InitialisationStudy.isSeen(index) == (self == .seen)
    }
  }

  /// What is measured of a cell, given the FD curve of its failure.
  static let measures:
    [(name: String, value: @Sendable (InitialisationStudy.Cell, [Double]) -> Double)] = [
      ("episodes to adapt (11: not in 10)", { cell, _ in Double(cell.adapted ?? 11) }),
      ("delay of episode 1 over FD", { cell, best in cell.delays[0] / best[0] }),
      (
        "delay of episodes 1 to 5 over FD",
        { cell, best in cell.delays.prefix(5).reduce(0, +) / best.prefix(5).reduce(0, +) }
      ),
      (
        "delay of episodes 6 to 10 over FD",
        { cell, best in cell.delays.suffix(5).reduce(0, +) / best.suffix(5).reduce(0, +) }
      ),
      ("lost in 5 episodes", { cell, _ in Double(cell.lost.prefix(5).reduce(0, +)) }),
    ]

  /// By training and failure.
  func sample(
    _ start: Start, _ links: Links,
    _ value: (InitialisationStudy.Cell, [Double]) -> Double
  ) -> CrossedSample {
    let chosen = failures.indices.filter(links.contains)
    return CrossedSample(
      cells.map { run in
        chosen.compactMap { index in
          run[start].map { value($0[index], references[index]["delay-optimal-split"] ?? []) }
        }
      })
  }

  var text: String {
    var lines = ["\(network): \(failures.count) single failures, \(cells.count) trainings"]
    for measure in Self.measures {
      for links in Links.allCases {
        lines.append("")
        lines.append("\(measure.name), \(links.rawValue) links".padded(64) + "minus continuing")
        let base = sample(.continuing, links, measure.value)
        for start in Start.allCases {
          let own = sample(start, links, measure.value)
          let difference = start == .continuing ? nil : own.difference(to: base)
          lines.append(
            "  " + start.rawValue.padded(36) + own.interval.text(3).padded(26)
              + (start == .continuing ? "" : difference.text(3)))
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  var json: JSONValue {
    [
      "network": .string(network), "failures": .integer(failures.count),
      "results": .array(
        Start.allCases.flatMap { start in
          Links.allCases.map { links in
            .object(
              [
                .init("start", .string(start.rawValue)), .init("links", .string(links.rawValue)),
              ]
                + Self.measures.map {
                  .init(
                    $0.name, sample(start, links, $0.value).interval?.jsonValue ?? .null)
                })
          }
        }),
    ]
  }

  func append(to table: inout CSVTable) {
    for start in Start.allCases {
      for links in Links.allCases {
        for measure in Self.measures {
          let interval = sample(start, links, measure.value).interval
          table.append([
            .text(network), .text(start.rawValue), .text(links.rawValue), .text(measure.name),
            .optional(interval?.mean), .optional(interval?.low), .optional(interval?.high),
          ])
        }
      }
    }
  }
}
