import Networks

/// What a user wrote after `--set`: values by name for one or several configurations.
///
/// ```swift
/// var settings = try Settings(["bufferLimit=64", "q-routing.learningRate=0.5"])
/// let model = try settings.take(SimulationModel.standard)
/// let learner = try settings.take(QRouting.Configuration(), scope: "q-routing")
/// try settings.finish()  // an error if some setting belongs to nobody
/// ```
///
/// A plain key goes to every configuration that has such a field; `scope.key` only to the one of
/// that scope, and wins over the plain key there. A field inside a field is reached with a dot as
/// well (`observation.pastActions=5`). Lists are written `a,b,c` or as JSON.
///
/// Any `Codable` configuration will do: what is not set keeps the value of the default that is
/// handed in, and the allowed keys are those that its decoder asks for.
public struct Settings: Sendable {
  /// One `key=value`.
  private struct Assignment: Sendable {
    var key: String
    var value: String
    var isUsed = false
  }
  private var assignments: [Assignment] = []
  private var allowed: [String] = []
  private let option: String

  /// - Parameter option: where the settings come from, for messages.
  /// - Throws: `InputError` where one has no equals sign or no key, or two have the same key.
  public init(_ texts: [String], option: String = "--set") throws(InputError) {
    self.option = option
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw InputError(file: option, value: text, expected: "expected key=value")
      }
      let key = String(parts[0])
      guard !assignments.contains(where: { $0.key == key }) else {
        throw InputError(file: option, field: key, expected: "it is set twice")
      }
      assignments.append(Assignment(key: key, value: String(parts[1])))
    }
  }

  /// Whether nothing was set.
  public var isEmpty: Bool { assignments.isEmpty }

  /// All settings by name, for parts that look their parameters up themselves. Marks all as used.
  public mutating func takeAll() -> [String: String] {
    for index in assignments.indices { assignments[index].isUsed = true }
    return Dictionary(uniqueKeysWithValues: assignments.map { ($0.key, $0.value) })
  }

  /// A configuration with the settings that it knows; a setting that it does not know waits for
  /// another one to take it.
  ///
  /// - Throws: `InputError` naming the key where a value is not what the field needs.
  public mutating func take<Configuration: Codable>(
    _ defaults: Configuration, scope: String? = nil
  ) throws -> Configuration {
    let recorder = KeyRecorder()
    let base = try JSONValue(encoding: defaults)
    _ = try Configuration(from: SettingsDecoder(base, [], option, recorder))
    let known = recorder.keys
    allowed += known.map { key in scope.map { "\($0).\(key)" } ?? key }

    var chosen: [(key: String, value: String)] = []
    for index in assignments.indices {
      guard let key = match(assignments[index].key, known, scope) else { continue }
      assignments[index].isUsed = true
      // Of a plain and a scoped key the scoped one wins, wherever it stands.
      let isScoped = key != assignments[index].key
      if let earlier = chosen.firstIndex(where: { $0.key == key }) {
        if isScoped { chosen[earlier].value = assignments[index].value }
      } else {
        chosen.append((key, assignments[index].value))
      }
    }
    guard !chosen.isEmpty else { return defaults }
    return try decode(base, chosen)
  }

  /// Ends the round of `take`: every setting must have found its configuration.
  ///
  /// - Throws: `InputError` naming the allowed keys.
  public func finish() throws(InputError) {
    guard let lost = assignments.first(where: { !$0.isUsed }) else { return }
    var names: [String] = []
    for name in allowed where !names.contains(name) { names.append(name) }
    let list = names.isEmpty ? "there are none here" : names.joined(separator: ", ")
    throw InputError(
      file: option, field: lost.key, expected: "unknown setting; allowed: \(list)")
  }

  private func decode<Configuration: Codable>(
    _ base: JSONValue, _ chosen: [(key: String, value: String)]
  ) throws -> Configuration {
    do {
      return try Configuration(from: SettingsDecoder(base, chosen, option, KeyRecorder()))
    } catch DecodingError.dataCorrupted(let context) {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw InputError(
        file: option, field: path.isEmpty ? nil : path, expected: context.debugDescription)
    }
  }

  /// The key inside the configuration that a setting's name means, if any.
  private func match(_ name: String, _ known: [String], _ scope: String?) -> String? {
    let isKnown = { (key: String) in
      known.contains { key == $0 || key.hasPrefix($0 + ".") }
    }
    if let scope, name.hasPrefix(scope + ".") {
      let key = String(name.dropFirst(scope.count + 1))
      if isKnown(key) { return key }
    }
    return isKnown(name) ? name : nil
  }
}
