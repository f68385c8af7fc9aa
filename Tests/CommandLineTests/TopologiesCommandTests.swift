import Experiments
import Foundation
import Networks
import Testing
import wayfield

@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct TopologiesCommandTests {
  @Test func listNamesNetworksAndFormats() throws {
    let json = try Binary.run("topologies list --json").json()
    guard case .array(let networks)? = json["networks"], case .array(let formats)? = json["formats"]
    else {
      Issue.record("no lists")
      return
    }
    #expect(networks.map { $0["name"] } == BuiltInTopology.allCases.map { .string($0.rawValue) })
    #expect(formats.count == TopologyFormat.allCases.count)
    #expect(networks[0]["routers"] == 12 && networks[0]["links"] == 19)
  }

  /// 14 links of 9953.28 Mbit/s; New York–Chicago takes 6 ticks of 1 ms, 11 of 0.5 ms.
  @Test func showTellsTheRule() throws {
    let json = try Binary.run("topologies show abilene --json").json()
    #expect(json["routers"] == 11 && json["links"] == 14 && json["packetBits"] == 9_953_280)
    #expect(json["bridges"] == .array([]) && json["diameter"]?["links"] == 5)
    let faster = try Binary.run("topologies show abilene --set tickMicroseconds=500 --json").json()
    for (shown, ticks) in [(json, 6), (faster, 11)] {
      guard case .array(let links)? = shown["linkList"] else {
        Issue.record("no links")
        return
      }
      #expect(links[0]["latencyTicks"] == .integer(ticks))
    }
    let text = try Binary.run("topologies show geant").output
    #expect(text.contains("bridges") && text.contains("@31"))
  }

  @Test func showDrawsAMap() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let path = folder.path + "/map.svg"
    let outcome = try Binary.run(["topologies", "show", "nsfnet", "--map", path])
    #expect(outcome.exitCode == 0)
    let svg = try String(contentsOfFile: path, encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("Ann Arbor"))
  }

  @Test(arguments: TopologyFormat.allCases)
  func convertThereAndBack(format: TopologyFormat) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let there = folder.path + "/b4" + (format.fileExtension.map { "." + $0 } ?? "")
    let outcome = try Binary.run([
      "topologies", "convert", "b4", "--to", format.rawValue, "--output", there, "--json",
    ])
    #expect(outcome.exitCode == 0)
    let shown = try Binary.run(["topologies", "show", there, "--json"]).json()
    #expect(shown["routers"] == 12 && shown["links"] == 19 && shown["directedLinks"] == 0)
  }

  @Test(arguments: [
    ("topologies show nowhere.graphml", "there is no such file"),
    ("topologies convert b4 --to yaml --output x", "one of json, graphml"),
    ("topologies show b4 --set tickMicroseconds=0", "tickMicroseconds"),
    ("topologies show b4 --set tick=1", "tickMicroseconds"),
    ("demands generate gravity --topology b4 --output x.xls", ".csv, .demands or .txt"),
    ("demands generate bimodal --topology b4 --set ratio=0 --output x.csv", "ratio"),
    ("demands generate magic --topology b4 --output x.csv", "one of gravity"),
  ])
  func badInputIsOneSentence(line: String, part: String) throws {
    let outcome = try Binary.run(line)
    #expect(outcome.exitCode == 2 && outcome.output.isEmpty)
    #expect(outcome.error.contains(part), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }

  /// A load fraction is one of the capacity for that very matrix: .5 · λ* of uniform B4 is .5 · .3143.
  @Test func demandsAreScaledToALoadFraction() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    for ending in ["csv", "txt", "demands"] {
      let path = folder.path + "/demands." + ending
      let made = try Binary.run([
        "demands", "generate", "uniform", "--topology", "b4", "--load-fraction", "0.5", "--output",
        path,
      ])
      #expect(made.exitCode == 0)
      let shown = try Binary.run(["demands", "show", path, "--topology", "b4", "--json"]).json()
      guard case .array(let totals)? = shown["totals"], case .number(let total)? = totals.first
      else {
        Issue.record("no total")
        return
      }
      #expect(abs(total / 12 - 0.5 * 0.3143) < 1e-4)
    }
  }

  @Test func sameSeedSameBytes() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let texts = try [("a", "7"), ("b", "7"), ("c", "8")].map { name, seed in
      let path = "\(folder.path)/\(name).csv"
      _ = try Binary.run([
        "demands", "generate", "bimodal", "--topology", "abilene", "--count", "3", "--seed", seed,
        "--output", path,
      ])
      return try String(contentsOfFile: path, encoding: .utf8)
    }
    #expect(texts[0] == texts[1] && texts[0] != texts[2])
  }
}
