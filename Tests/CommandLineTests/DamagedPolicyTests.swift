import Experiments
import Foundation
import Testing

/// Files that a user gives back to us may be damaged, and outputs may have nowhere to go: one
/// sentence and exit code 2, never a crash.
@Suite(.enabled(if: Binary.exists, "the program was not built"))
struct DamagedPolicyTests {
  private static let network = "--topology b4 --load-fraction 0.5 --horizon 40"

  @Test(arguments: [
    "social-actor-critic --episodes 2", "q-routing --episodes 2",
    "mamrl --episodes 4 --set hiddenLayers=1 --set hiddenUnits=4 --set episodesPerBatch=1",
  ])
  func damagedPolicies(training: String) throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let path = folder.path + "/p.policy"
    let trained = try Binary.run("train \(training) \(Self.network) --output \(path)")
    #expect(trained.exitCode == 0, "\(trained.error)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
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
