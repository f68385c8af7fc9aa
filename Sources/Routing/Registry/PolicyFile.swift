import Foundation
import Learning
import Networks
import PacketSimulation

/// A learned policy on file: what was learned, by which algorithm with which settings, and where.
///
/// ```swift
/// try PolicyFile(algorithm: "mamrl", settings: [:], topology: "b4", load: 0.25, state: learner.state)
///   .write(to: "b4.safetensors")
/// let file = try PolicyFile(path: "b4.safetensors")
/// ```
///
/// The file is a safetensors file: other programs read the tables by name, and the metadata say the
/// rest.
public struct PolicyFile: Sendable, Hashable {
  public var algorithm: String
  /// All settings, as a user would write them.
  public var settings: [String: String]
  public var topology: String
  /// λ.
  public var load: Double
  /// Episodes that it was trained on.
  public var episodes: Int
  /// The root seed of its training.
  public var seed: UInt64
  /// `Scenario.fingerprint` of what it was trained on; nil in files that do not say.
  public var scenario: String?
  public var state: LearnerState

  public init(
    algorithm: String, settings: [String: String], topology: String, load: Double, episodes: Int,
    seed: UInt64, scenario: String? = nil, state: LearnerState
  ) {
    self.algorithm = algorithm
    self.settings = settings
    self.topology = topology
    self.load = load
    self.episodes = episodes
    self.seed = seed
    self.scenario = scenario
    self.state = state
  }

  /// Whether it was trained on this scenario, as far as the file says.
  public func isTrained(on other: Scenario) -> Bool {
    scenario.map { $0 == other.fingerprint }
      ?? (topology == other.topology.name && load == other.load)
  }

  /// What to say where a training would overwrite the policy of another.
  public static func otherTraining(at path: String) -> InputError {
    InputError(
      file: path,
      expected: "the file holds another training (algorithm, settings, network, demands, load, "
        + "model, horizon or seed)")
  }

  /// Writes the file as a whole or not at all.
  public func write(to path: String) throws {
    var file = TensorFile()
    for table in state.tables { file.set(table.name, table.values) }
    file.metadata = [
      "format": "wayfield-policy-1", "algorithm": algorithm, "topology": topology,
      "load": "\(load)", "episodes": "\(episodes)", "seed": "\(seed)",
    ]
    file.metadata["scenario"] = scenario
    for (key, value) in settings { file.metadata["set." + key] = value }
    try file.data().write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// - Throws: `InputError` where the file cannot be read or is no policy.
  public init(path: String) throws(InputError) {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw InputError(file: path, expected: "the file cannot be read")
    }
    let file: TensorFile
    do {
      file = try TensorFile(bytes)
    } catch {
      throw InputError(file: path, expected: "expected a policy file (safetensors), but \(error)")
    }
    guard file.metadata["format"] == "wayfield-policy-1",
      let algorithm = file.metadata["algorithm"],
      let load = file.metadata["load"].flatMap(Double.init),
      let episodes = file.metadata["episodes"].flatMap(Int.init),
      let seed = file.metadata["seed"].flatMap(UInt64.init)
    else {
      throw InputError(file: path, field: "metadata", expected: "the file is no wayfield policy")
    }
    self.algorithm = algorithm
    self.load = load
    self.episodes = episodes
    self.seed = seed
    scenario = file.metadata["scenario"]
    topology = file.metadata["topology"] ?? ""
    settings = [:]
    for (key, value) in file.metadata where key.hasPrefix("set.") {
      settings[String(key.dropFirst(4))] = value
    }
    state = LearnerState(
      file.names.map { LearnerState.Table($0, file.values($0, as: Float.self) ?? []) })
  }
}
