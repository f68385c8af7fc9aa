import Foundation
import Networks

/// Settings that can be read from a JSON object: a missing key means the default, an unknown key is an
/// error that names the allowed ones.
///
/// ```swift
/// let search = try PolicySearchConfiguration.decoded(from: Data("{\"iterations\": 400}".utf8))
/// ```
///
/// Types get their `Codable` from the compiler, which knows neither defaults nor unknown keys; here the
/// given object is laid over the encoded default before it is decoded. Nested settings are laid over
/// theirs in the same way, except where a value of another kind stands in the default's place.
public protocol DecodableConfiguration: Codable, Hashable, Sendable {
  /// The documented defaults.
  static var defaultConfiguration: Self { get }
}

extension DecodableConfiguration {
  /// - Throws: `InputError` for text that is no JSON object, for an unknown key and for a value of
  ///   the wrong kind.
  public static func decoded(
    from data: Data, file: String = "configuration"
  ) throws(InputError) -> Self {
    guard let given = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
      throw InputError(file: file, expected: "expected a JSON object")
    }
    let defaults = encodedDefaults
    if let key = given.keys.sorted().first(where: { !allowedKeys.contains($0) }) {
      throw InputError(
        file: file, field: key,
        expected: "unknown key; allowed: \(allowedKeys.sorted().joined(separator: ", "))")
    }
    do {
      let merged = try JSONSerialization.data(withJSONObject: merge(given, over: defaults))
      return try JSONDecoder().decode(Self.self, from: merged)
    } catch let error as DecodingError {
      throw InputError(file: file, field: error.path, expected: error.sentence)
    } catch {
      throw InputError(file: file, expected: "expected settings of \(Self.self)")
    }
  }

  private static var encodedDefaults: [String: Any] {
    guard let data = try? JSONEncoder().encode(defaultConfiguration),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return [:] }
    return object
  }

  /// The names of all stored properties; those that are nil by default are not in the encoded default.
  private static var allowedKeys: Set<String> {
    let properties = Mirror(reflecting: defaultConfiguration).children.compactMap(\.label)
    return Set(properties).union(encodedDefaults.keys)
  }

  private static func merge(
    _ given: [String: Any], over defaults: [String: Any]
  ) -> [String: Any] {
    defaults.merging(given) { standard, own in
      guard let standard = standard as? [String: Any], let own = own as? [String: Any],
        Set(own.keys).isSubset(of: standard.keys)
      else { return own }
      return merge(own, over: standard)
    }
  }
}

extension DecodingError {
  fileprivate var path: String { context.codingPath.map(\.stringValue).joined(separator: ".") }
  fileprivate var sentence: String {
    var text = context.debugDescription
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  private var context: Context {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context
    @unknown default: Context(codingPath: [], debugDescription: "unreadable")
    }
  }
}

extension PolicySearchConfiguration: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension PerturbationEquilibrium: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension PerturbationTeam: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension TwoTimescale: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension LikelihoodRatioEquilibrium: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension MeanFieldUpdate: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension QLearning: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension MeanFieldLearning: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension StationaryFictitiousPlay: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension MasterMirrorDescent: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension StationaryTeamSearch: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension IndependentQLearning: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension MeanFieldQLearning: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension KernelQLearning: DecodableConfiguration {
  /// On a net of 1/10.
  public static var defaultConfiguration: Self { Self(resolution: 10) }
}
extension NetValueIteration: DecodableConfiguration {
  /// On a net of 1/10.
  public static var defaultConfiguration: Self { Self(resolution: 10) }
}
extension RepeatedAuction: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension CongestionControl: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension OrderDispatch: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension Malware: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
extension CrowdChoice: DecodableConfiguration {
  public static var defaultConfiguration: Self { Self() }
}
