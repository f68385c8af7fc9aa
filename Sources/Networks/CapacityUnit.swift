/// How a file's unit of capacity or demand becomes bits per second.
public enum CapacityUnit {
  /// Bits per second in one unit; nil where the name is not known.
  ///
  /// Understands SNDlib's names (`MBITPERSEC`, `BITSPERSEC`, `STM1` …) and the usual spellings
  /// (`Mbit/s`, `Mbps`, `kb/s`, `Gbit/sec`, `bytes/s`, `bps`).
  public static func bitsPerSecond(_ name: String) -> Double? {
    let text = name.lowercased().filter { !$0.isWhitespace && $0 != "_" }
    if let fixed = synchronousHierarchy(text) { return fixed }
    let stems = ["bitspersec", "bitpersec", "bits/s", "bit/s", "bits/sec", "bit/sec", "b/s", "bps"]
    let byteStems = ["bytespersec", "bytepersec", "bytes/s", "byte/s", "bytes/sec", "byte/sec"]
    for (stems, factor) in [(stems, 1.0), (byteStems, 8.0)] {
      for stem in stems where text.hasSuffix(stem) {
        if let prefix = prefixes[String(text.dropLast(stem.count))] { return prefix * factor }
      }
    }
    return nil
  }

  private static let prefixes: [String: Double] = [
    "": 1, "k": 1e3, "kilo": 1e3, "m": 1e6, "mega": 1e6, "g": 1e9, "giga": 1e9, "t": 1e12,
    "tera": 1e12,
  ]

  /// `STM-n` is n × 155.52 Mbit/s, `OC-n` n × 51.84 Mbit/s.
  private static func synchronousHierarchy(_ text: String) -> Double? {
    for (name, rate) in [("stm", 155.52e6), ("oc", 51.84e6)] where text.hasPrefix(name) {
      let digits = text.dropFirst(name.count).drop { $0 == "-" }
      if let factor = Int(digits), factor > 0, factor <= 10_000 { return rate * Double(factor) }
    }
    return nil
  }

  /// A rate with its unit, such as `10Gbps` or `2.5 Gbit/s`, in bits per second.
  public static func rate(_ text: String) -> Double? {
    let trimmed = text.drop { $0 == " " }
    let digits = trimmed.prefix { $0.isNumber || $0 == "." }
    guard let number = InputText.number(digits), number >= 0,
      let unit = bitsPerSecond(String(trimmed.dropFirst(digits.count)))
    else { return nil }
    return number * unit
  }
}
