import Experiments
import Foundation
import Testing

/// The `meanfield` commands and the mean-field half of `reproduce`, as a user runs them.
@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct MeanFieldCommandTests {
  private func number(_ value: JSONValue?) -> Double {
    switch value {
    case .integer(let whole)?: Double(whole)
    case .number(let number)?: number
    default: .nan
    }
  }

  private func keys(_ value: JSONValue?) -> [String] {
    guard case .object(let members)? = value else { return [] }
    return members.map(\.key)
  }

  /// The published reference values, through the command line.
  @Test func solvePrintsTheContract() throws {
    let outcome = try Binary.run(
      "meanfield solve --game malware --solver exact-equilibrium --json")
    #expect(outcome.exitCode == 0 && outcome.error.isEmpty)
    #expect(outcome.output.filter { $0 == "\n" }.count == 1)
    let json = try outcome.json()
    #expect(
      keys(json) == [
        "game", "solver", "iterations", "seed", "exploitability", "value", "meanField", "policy",
        "parameters", "traces", "samples", "priceOfAnarchy", "status",
      ])
    #expect(abs(number(json["value"]) - -3.885905) < 1e-6)
    #expect(abs(number(json["parameters"]?["threshold"]) - 0.49) < 1e-12)
    #expect(abs(number(json["priceOfAnarchy"]) - 0.126022) < 1e-6)
    #expect(keys(json["exploitability"]) == ["initial", "final", "trace"])
    let team = try Binary.run("meanfield solve --game malware --solver exact-team --json").json()
    #expect(abs(number(team["value"]) - -3.759883) < 1e-6)
    let cheap = try Binary.run(
      "meanfield solve --game malware --solver exact-equilibrium --set repairCost=0.000001 --json"
    ).json()
    #expect(number(cheap["parameters"]?["threshold"]) == 0)
  }

  @Test func lectureCases() throws {
    let first = try Binary.run("meanfield lecture --json").json()
    #expect(abs(number(first["equilibrium"]) - 2.123172799117515) < 1e-11)
    let second = try Binary.run("meanfield lecture --beta 2 --sigmas 0.5,1,2 --json").json()
    #expect(abs(number(second["equilibrium"]) - 1.757123730385238) < 1e-11)
    let none = try Binary.run("meanfield lecture --gamma 2 --json")
    #expect(none.exitCode == 0)
    #expect(try none.json()["equilibrium"] == .null)
    #expect(none.output.contains("no finite equilibrium"))
  }

  /// Crowd choice with slopes 1 and 3: an even start costs 1, then ¾ for everybody (¾ and ¼ of them, the
  /// equilibrium and the team optimum alike): −1 − 4 · ¾. Staying even would cost 5. The stationary solver
  /// counts the paper's way, with the population in its steady state from the start: −5 · ¾.
  @Test(arguments: [
    ("stationary-fictitious-play --iterations 400", -3.75, 0.02),
    ("non-stationary-equilibrium --set horizon=60", -4.0, 0.02),
    ("master-mirror-descent --iterations 300 --set resolution=4", -4.0, 0.02),
    (
      "net-value-iteration --set resolution=12 --set policyResolution=12 --set kernel=simplicial",
      -4.0, 1e-6
    ),
    (
      "mfc-k-q --set resolution=12 --set policyResolution=12 --set kernel=simplicial "
        + "--set startsOnNet=true", -4.0, 1e-6
    ),
  ])
  func solversFindTheClosedForm(solver: String, value: Double, tolerance: Double) throws {
    let outcome = try Binary.run(
      "meanfield solve --game crowd-choice --set crowding=1,3 --set toll=0,0 --json --solver "
        + solver)
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    #expect(abs(number(try outcome.json()["value"]) - value) < tolerance, "\(outcome.output)")
  }

  @Test(arguments: [
    "meanfield solve --game malware --solver perturbation-equilibrium --iterations 4 "
      + "--set decayExponent=1 --set decayStart=2 --set averageLast=2",
    "meanfield solve --game malware --solver perturbation-team --iterations 3 --set agents=2 "
      + "--set batchSize=300 --set evaluation=renewal",
    "meanfield solve --game repeated-auction --solver gmf-q --iterations 3 --set innerSteps=500",
    "meanfield solve --game repeated-auction --solver gmf-q-schedule --iterations 2 "
      + "--set longestInner=500",
    "meanfield solve --game congestion-control --solver mfc-k-q --set resolution=3 --set agents=20",
    "meanfield play --game crowd-choice --solver stationary-fictitious-play --iterations 20 "
      + "--players 5,10 --episodes 10 --horizon 20 --draws 80",
    "reproduce mfc-pareto --quick",
  ])
  func sameSeedSameBytes(line: String) throws {
    let one = try Binary.run(line + " --json --threads 1")
    #expect(one.exitCode == 0, "\(one.error)")
    #expect(try Binary.run(line + " --json --threads 2").output == one.output)
  }

  @Test(arguments: [
    ("solve --game malwear --solver exact-team", "malware"),
    ("solve --game malware --solver exact-teams", "exact-team"),
    ("solve --game crowd-choice --solver exact-equilibrium", "stationary-fictitious-play"),
    ("solve --game malware --solver exact-team --set lambda=1", "allowed: k, repairCost"),
    ("solve --game malware --solver exact-team --set discount=1", "discount"),
    ("solve --game malware --solver exact-team --set discount", "expected key=value"),
    ("solve --game malware --solver exact-team --set cells=1", "cells"),
    ("solve --game malware --solver exact-team --set k=nan", "k"),
    ("solve --game crowd-choice --solver exact-team --set crowding=1,x", "separated by commas"),
    ("solve --game crowd-choice --solver exact-team --set crowding=1", "as many positive numbers"),
    ("solve --game congestion-control --solver mfc-k-q --set kernel=cubic", "simplicial"),
    ("solve --game data-routing --solver gmf-q --set topology=nowhere.json", "nowhere.json"),
    ("solve --game data-routing --solver gmf-q --set destination=Z", "router"),
    ("solve --game malware --solver exact-team --iterations 0", "iterations"),
    (
      "solve --game crowd-choice --set crowding=1,2,3 --set toll=0,0,0 "
        + "--solver mfc-k-q --set resolution=400 --set policyResolution=20",
      "resolution"
    ),
    (
      "solve --game crowd-choice --set crowding=1,2,3,4,5,6 --set toll=0,0,0,0,0,0 "
        + "--solver master-mirror-descent --set resolution=200", "entries"
    ),
    ("play --game malware --solver exact-team --players 0", "players"),
    ("lecture --quantile 1.5", "quantile"),
    ("lecture --sigmas 1,-1", "sigmas"),
  ])
  func badInputGivesOneSentence(line: String, sentence: String) throws {
    let outcome = try Binary.run("meanfield " + line)
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.contains(sentence), "\(outcome.error)")
    #expect(outcome.error.filter { $0 == "\n" }.count == 1)
  }

  /// A reproduction leaves its numbers, its data, its script and its picture, or nothing.
  @Test func reproduceWritesItsFolder() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let outcome = try Binary.run("reproduce lecture --output \(scratch.path)/run --json")
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/run")
    #expect(
      Set(names) == [
        "configuration.json", "results.json", "lecture.csv", "lecture.gp", "lecture.svg",
      ])
    #expect(abs(number(try outcome.json()["numbers"]?["startA"]) - 2.123172799117515) < 1e-11)
    let unknown = try Binary.run("reproduce malware-fig9 --output \(scratch.path)/other")
    #expect(unknown.exitCode == 2)
    #expect(scratch.names == ["run"])
  }
}
