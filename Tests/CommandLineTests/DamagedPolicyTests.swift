import Experiments
import Foundation
import Testing

/// Files that a user gives back to us may be damaged, and outputs may have nowhere to go: one
/// sentence and exit code 2, never a crash.
@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct DamagedPolicyTests {
  private static let network = "--topology b4 --load-fraction 0.5 --horizon 40"

  private func trained(
    _ training: String, in folder: ScratchFolder
  ) throws -> (path: String, bytes: Data) {
    let path = folder.path + "/p.policy"
    let outcome = try Binary.run("train \(training) \(Self.network) --output \(path)")
    #expect(outcome.exitCode == 0, "\(outcome.error)")
    return (path, try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test(arguments: [
    "social-actor-critic --episodes 2", "q-routing --episodes 2",
    "mamrl --episodes 4 --set hiddenLayers=1 --set hiddenUnits=4 --set episodesPerBatch=1",
  ])
  func damagedPolicies(training: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let (path, bytes) = try trained(training, in: folder)
    // The header's part gets most of the damage: numbers alone rarely break anything.
    let header = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for trial in 0..<24 {
      var damaged = bytes
      switch trial % 4 {
      case 0: damaged = damaged.prefix(next(bytes.count))
      case 1: damaged[next(8)] = UInt8(next(256))
      case 2: for _ in 0..<3 { damaged[8 + next(header - 8)] = UInt8(32 + next(95)) }
      default:
        // NaN, or other wild numbers, in the tables.
        for _ in 0..<8 {
          let place = header + next((bytes.count - header) / 4) * 4
          for offset in 0..<4 { damaged[place + offset] = trial % 8 == 3 ? 0xFF : UInt8(next(256)) }
        }
      }
      try damaged.write(to: URL(fileURLWithPath: path))
      let outcome = try Binary.run(
        "adapt --policy \(path) \(Self.network) --fail D:E --episodes 1 --threads 1")
      #expect([0, 2].contains(outcome.exitCode), "trial \(trial): \(outcome.error)")
      #expect((outcome.exitCode == 2) == !outcome.error.isEmpty)
      #expect(!outcome.error.contains("NSCocoa"))
      if outcome.exitCode == 2 { refused += 1 }
    }
    #expect(refused >= 6)
  }

  /// Every table of every learner filled with one wild number each: counts that no integer holds,
  /// infinite costs, negative visits.
  @Test(arguments: [
    "actor-critic --episodes 2", "social-actor-critic --episodes 2",
    "priced-distances --episodes 2",
    "priced-distances --episodes 2 --set priceModel=network",
    "neural-actor-critic --episodes 1 --set hiddenUnits=4", "predictive-q-routing --episodes 2",
    "dual-q-routing --episodes 2", "policy-gradient --episodes 2",
  ])
  func wildTables(training: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let (path, bytes) = try trained(training, in: folder)
    let start = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONValue(
      parsing: String(decoding: bytes[8..<start], as: UTF8.self), file: "header")
    guard case .object(let tables) = header else {
      Issue.record("no header")
      return
    }
    let wild: [Float] = [.infinity, 1e20, -1, 0.5]
    var damagedTables = 0
    for (number, table) in tables.enumerated() where table.key != "__metadata__" {
      guard case .array(let offsets) = table.value["data_offsets"] ?? .null,
        let ends = offsets.map(whole) as? [Int], ends.count == 2
      else { continue }
      var damaged = bytes
      let value = wild[number % wild.count].bitPattern
      for place in stride(from: start + ends[0], to: start + ends[1], by: 4) {
        for offset in 0..<4 { damaged[place + offset] = UInt8(value >> (8 * offset) & 0xFF) }
      }
      try damaged.write(to: URL(fileURLWithPath: path))
      let outcome = try Binary.run(
        "adapt --policy \(path) \(Self.network) --fail D:E --episodes 5 --threads 1")
      damagedTables += 1
      #expect([0, 2].contains(outcome.exitCode), "\(table.key): \(outcome.error)")
      #expect((outcome.exitCode == 2) == !outcome.error.isEmpty)
    }
    #expect(damagedTables == tables.count { $0.key != "__metadata__" })
  }

  private func whole(_ value: JSONValue) -> Int? {
    switch value {
    case .integer(let number): number
    case .number(let number): Int(number)
    default: nil
    }
  }

  /// A file that holds another training is neither continued nor overwritten.
  @Test(
    arguments: ["q-routing", "mamrl --set hiddenUnits=4 --set episodesPerBatch=1"],
    [
      "--horizon 41", "--information-age 3", "--traffic DEMANDS", "--set initialQueue=1",
    ])
  func policiesOfOtherTrainingsAreKept(training: String, change: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let (path, demands) = (folder.path + "/p.policy", folder.path + "/d.csv")
    #expect(
      try Binary.run("demands generate gravity --topology b4 --output \(demands)").exitCode == 0)
    let line = "train \(training) --topology b4 --load 0.1 --episodes 4 --output \(path)"
    #expect(try Binary.run(line).exitCode == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let other = try Binary.run(
      line + " " + change.replacingOccurrences(of: "DEMANDS", with: demands))
    #expect(other.exitCode == 2 && other.error.contains("another training"), "\(other)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(try Binary.run(line).output.contains("already finished"))
  }

  @Test(arguments: [
    "train q-routing --topology b4 --load 0.1 --output PLACE",
    "demands generate gravity --topology b4 --output PLACE.csv",
    "topologies show b4 --map PLACE.svg", "topologies convert b4 --to json --output PLACE.json",
  ])
  func outputsWithoutAFolderAreRefusedAtOnce(line: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let outcome = try Binary.run(
      line.replacingOccurrences(of: "PLACE", with: folder.path + "/missing/p"))
    #expect(outcome.exitCode == 2)
    #expect(outcome.error.contains("missing") && outcome.output.isEmpty)
    #expect(outcome.error.filter { $0 == "\n" }.count <= 1)
    #expect(folder.names.isEmpty)
  }
}
