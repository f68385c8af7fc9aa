import Experiments
import Foundation
import Testing
import wayfield

@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct BinaryTests {
  /// The contract of `simulate --json`, in this order.
  private static let identity = [
    "topology", "algorithm", "model", "traffic", "load", "effectiveRate", "capacity",
    "loadFraction", "failure", "horizon", "episodes", "seed", "trainingSeeds", "trainingEpisodes",
  ]
  private static let measures = [
    "generated", "initial", "delivered", "lost", "queued", "inFlight", "deliveredShare",
    "meanDeliveryTime", "restrictedMeanDelay", "delayP50", "delayP95", "delayP99",
    "controlBytesPerPacket",
    "lowestPairDeliveredShare", "jainIndex", "lostInFlightAtFailure", "lostOnFailedLink",
    "lostByCapacity", "lostByBuffer", "lostByTimeToLive", "hops",
  ]

  private func keys(_ value: JSONValue?) -> [String] {
    guard case .object(let members)? = value else { return [] }
    return members.map(\.key)
  }

  private func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let whole)?: Double(whole)
    case .number(let number)?: number
    default: nil
    }
  }

  @Test func simulatePrintsTheContract() throws {
    let outcome = try Binary.run(
      "simulate --topology b4 --algorithm ecmp --load-fraction 0.5 --fail D:E@100..200 "
        + "--episodes 6 --json")
    #expect(outcome.exitCode == 0 && outcome.error.isEmpty)
    #expect(outcome.output.filter { $0 == "\n" }.count == 1)
    let json = try outcome.json()
    #expect(keys(json) == Self.identity + Self.measures)
    for name in Self.measures { #expect(keys(json[name]) == ["mean", "low", "high"], "\(name)") }
    #expect(json["loadFraction"] == 0.5)
    #expect(json["failure"] == "D:E@100..200")
    #expect(json["seed"] == 1)
    let mean = { (name: String) in number(json[name]?["mean"]) ?? .nan }
    let present = mean("delivered") + mean("lost") + mean("queued") + mean("inFlight")
    #expect(abs(mean("initial") + mean("generated") - present) < 1e-9)
    #expect(abs(mean("lostInFlightAtFailure") + mean("lostOnFailedLink") - mean("lost")) < 1e-9)
    #expect(mean("lost") > 0)
  }

  @Test(arguments: [
    "simulate --topology b4 --algorithm random --load 0.2 --episodes 20 --horizon 200",
    "simulate --topology b4 --algorithm q-routing --load 0.2 --episodes 17 --horizon 200 "
      + "--training-seeds 3 --set trainingEpisodes=4",
    "simulate --topology geant --algorithm policy-gradient --load 0.1 --episodes 9 --horizon 100 "
      + "--set trainingEpisodes=3 --set evaluation=continuing",
    "simulate --topology b4 --model published --algorithm shortest-path --load 0.3 --episodes 9",
    "compare --topology b4 --algorithms ecmp,q-routing --loads 0.1,0.2 --episodes 5 "
      + "--fail @4@50 --horizon 100 --set q-routing.trainingEpisodes=2",
  ])
  func sameSeedSameBytes(line: String) throws {
    let one = try Binary.run(line + " --json --threads 1")
    #expect(one.exitCode == 0, "\(one.error)")
    // `compare` repeats its own command line, which names the threads.
    let plain = { (text: String) in
      text.replacingOccurrences(of: "--threads 2", with: "--threads 1")
    }
    #expect(plain(try Binary.run(line + " --json --threads 2").output) == one.output)
    #expect(try Binary.run(line + " --json --threads 1").output == one.output)
    #expect(try Binary.run(line + " --json --threads 1 --seed 2").output != one.output)
  }

  /// Episodes played one at a time and 64 in step are the same episodes.
  @Test(arguments: ["random", "ecmp", "shortest-path"])
  func batchSizeNeverChangesTheResult(algorithm: String) throws {
    let line =
      "simulate --topology b4 --algorithm \(algorithm) --load-fraction 0.5 --episodes 70 --json"
    let one = try Binary.run(line + " --set replicas=1")
    #expect(one.exitCode == 0)
    #expect(try Binary.run(line + " --set replicas=64 --threads 2").output == one.output)
  }

  /// A policy on file plays without training, and only under its own algorithm's name.
  @Test func simulatePlaysAPolicyFromFile() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("wayfield-\(UUID().uuidString).policy").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let network = "--topology b4 --load-fraction 0.8"
    let trained = try Binary.run(
      "train social-actor-critic \(network) --episodes 40 --output \(path)")
    #expect(trained.exitCode == 0, "\(trained.error)")
    let line = "simulate \(network) --episodes 10 --json --policy \(path) --algorithm "
    let played = try Binary.run(line + "social-actor-critic")
    #expect(played.exitCode == 0, "\(played.error)")
    #expect(try played.json()["trainingEpisodes"] == .integer(0))
    #expect(try Binary.run(line + "q-routing").exitCode == 2)
    // It was really loaded: a random choice waits more than twice as long on the same arrivals.
    let random = try Binary.run(
      "simulate \(network) --episodes 10 --json --algorithm random")
    #expect(try 2 * meanDelay(played) < meanDelay(random))
  }

  private func meanDelay(_ outcome: Binary.Outcome) throws -> Double {
    guard case .number(let delay)? = try outcome.json()["restrictedMeanDelay"]?["mean"] else {
      Issue.record("no delay")
      return .nan
    }
    return delay
  }

  /// Two ways to the same numbers: a row of `compare` is the object of `simulate`.
  @Test func compareListsWhatSimulatePrints() throws {
    let common = "--topology b4 --episodes 5 --horizon 150 --set trainingEpisodes=3 --json"
    let compared = try Binary.run(
      "compare --algorithms ecmp,q-routing --load-fractions 0.4,0.8 --no-references " + common
    ).json()
    guard case .array(let rows)? = compared["results"] else {
      Issue.record("no results")
      return
    }
    #expect(rows.count == 4)
    for row in rows {
      guard case .string(let algorithm)? = row["algorithm"],
        let fraction = number(row["loadFraction"])
      else {
        Issue.record("a row without algorithm")
        continue
      }
      let settings =
        algorithm == "ecmp" ? common.replacing("--set trainingEpisodes=3 ", with: "") : common
      let alone = try Binary.run(
        "simulate --algorithm \(algorithm) --load-fraction \(fraction) " + settings
      ).json()
      guard case .object(var members) = row else { continue }
      #expect(members.removeLast().key == "lowestPairShareDifference")
      #expect(members.removeLast().key == "ratioToReference")
      #expect(JSONValue.object(members) == alone)
    }
  }

  @Test(arguments: [
    ("", "needs a command"),
    ("simulat", "did you mean 'simulate'?"),
    ("simulate --topology b4 --algorithm ecmp", "Exactly one of '--load' and '--load-fraction'"),
    ("simulate --topology nowhere.json --algorithm ecmp --load 0.1", "nowhere.json: there is no"),
    ("simulate --topology b4 --algorithm ecpm --load 0.1", "perhaps 'ecmp'"),
    ("simulate --topology b4 --algorithm ecmp --load 0.1 --fail D:Z", "no router 'Z'"),
    ("simulate --topology b4 --algorithm ecmp --load 0.1 --fail D:E@9..3", "come up after"),
    ("simulate --topology b4 --algorithm ecmp --load -1", "from 0 to 1000"),
    ("simulate --topology b4 --algorithm ecmp --load 0.1 --set bufferLimit=0", "bufferLimit"),
    ("simulate --topology b4 --algorithm ecmp --load 0.1 --set nosuch=1", "allowed: arrivals"),
    ("simulate --topology b4 --algorithm ecmp --load 0.1 --traffic none.txt", "none.txt"),
    ("simulate --topology abilene --algorithm ecmp --load 0.1 --traffic own", "without demands"),
    ("compare --topology b4 --algorithms ecmp --loads 0.1 --output /dev/null", "/dev/null"),
    ("report /nowhere", "/nowhere/results.json"),
  ])
  func badInputGivesOneSentence(line: String, sentence: String) throws {
    let outcome = try Binary.run(line)
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.contains(sentence), "\(outcome.error)")
    #expect(outcome.error.filter { $0 == "\n" }.count == 1)
  }

  @Test func aRunFolderIsWrittenWhole() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let line =
      "compare --topology b4 --algorithms ecmp,random --loads 0.1,0.2 --episodes 4 --horizon 120 "
      + "--no-references --fail D:E@50 --output \(scratch.path)/run"
    let outcome = try Binary.run(line)
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    #expect(outcome.output.contains("Report: \(scratch.path)/run/report.html"))
    #expect(scratch.names == ["run"])
    let folder = scratch.path + "/run"
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
    #expect(
      names == [
        "configuration.json", "results.json", "network.json", "metrics.csv", "series.csv",
        "load.csv", "pairs.csv", "figures", "report.html",
      ])
    let table = try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8)
    #expect(table.split(separator: "\n").count == 1 + 2 * 2 * 2 * 4)
    let stored = try String(contentsOfFile: folder + "/results.json", encoding: .utf8)
    #expect(
      try JSONValue(parsing: stored, file: "r")
        == Binary.run(line + " --json").json().with(
          "commandLine", of: JSONValue(parsing: stored, file: "r")))
    let page = try String(contentsOfFile: folder + "/report.html", encoding: .utf8)
    #expect(try Binary.run("report \(folder)").exitCode == 0)
    let again = try String(contentsOfFile: folder + "/report.html", encoding: .utf8)
    #expect(again == page)
  }

  @Test func aMissingGnuplotIsSaidAndLeavesNothing() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let outcome = try Binary.run(
      ("compare --topology b4 --algorithms ecmp --loads 0.1 --episodes 2 --horizon 50 "
        + "--output \(scratch.path)/run").split(separator: " ").map(String.init),
      environment: ["PATH": "/nowhere"])
    #expect(outcome.exitCode == 1)
    #expect(outcome.error.contains("apt-get install gnuplot-nox"))
    #expect(scratch.names.isEmpty)
  }
}

extension JSONValue {
  /// The same object with one member taken from another.
  fileprivate func with(_ key: String, of other: JSONValue) -> JSONValue {
    guard case .object(var members) = self, let value = other[key],
      let index = members.firstIndex(where: { $0.key == key })
    else { return self }
    members[index].value = value
    return .object(members)
  }
}
