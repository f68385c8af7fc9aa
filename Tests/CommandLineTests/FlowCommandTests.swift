import Experiments
import Foundation
import Testing

@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct FlowCommandTests {
  private func number(_ value: JSONValue?) -> Double {
    switch value {
    case .integer(let whole)?: Double(whole)
    case .number(let number)?: number
    default: .nan
    }
  }

  /// λ* of B4 under uniform demands is 11/35.
  @Test func capacityPrintsTheContract() throws {
    let outcome = try Binary.run("capacity b4 --json")
    #expect(outcome.exitCode == 0 && outcome.error.isEmpty)
    let json = try outcome.json()
    #expect(abs(number(json["capacity"]) - 11.0 / 35) < 1e-9)
    #expect(json["topology"] == "b4" && json["traffic"] == "uniform" && json["method"] == "exact")
    #expect(number(json["gap"]) < 1e-8)
    #expect(number(json["optimalMaxLinkUtilisation"]) > 0)
    let rough = try Binary.run("capacity b4 --method certified --json").json()
    #expect(number(rough["capacity"]) <= number(json["capacity"]) * (1 + 1e-9))
    #expect(number(rough["capacityUpperBound"]) >= number(json["capacity"]) * (1 - 1e-9))
    #expect(try Binary.run("capacity nowhere.graphml").exitCode == 2)
    #expect(try Binary.run("capacity b4 --interval 100000").exitCode == 2)
  }

  @Test func failuresWritesACampaign() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let line = "failures --topology b4 --algorithms shortest-path --load-fraction 0.5 --episodes 2 "
    let outcome = try Binary.run(
      line + "--horizon 100 --from 20 --until 60 --output \(scratch.path)/run --json")
    let json = try outcome.json()
    #expect(json["command"] == "failures" && json["scope"] == "links" && json["until"] == 60)
    guard case .array(let rows)? = json["results"], case .array(let summaries)? = json["summaries"]
    else {
      Issue.record("no results")
      return
    }
    #expect(summaries.count == 3 && rows.count == 3 * 20)
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot") {
      #expect(outcome.exitCode == 0)
      let page = try String(contentsOfFile: "\(scratch.path)/run/report.html", encoding: .utf8)
      #expect(page.contains("worst"))
      #expect(try Binary.run("report \(scratch.path)/run").exitCode == 0)
    }
    #expect(try Binary.run(line + "--from 60 --until 60").exitCode == 2)
    #expect(try Binary.run(line + "--scope groups --group oops").exitCode == 2)
    let groups = try Binary.run(
      line + "--horizon 50 --scope groups --group duct=D:E,C:F --no-references --json"
    ).json()
    guard case .array(let cases)? = groups["results"] else {
      Issue.record("no results")
      return
    }
    #expect(cases.count == 2 && cases[1]["failure"] == "duct")
  }
}
