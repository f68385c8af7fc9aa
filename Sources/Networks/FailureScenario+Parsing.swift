extension FailureScenario {
  /// Reads the values of `--fail`: `LINK[@tick[..tick]]` each.
  ///
  /// `LINK` is `A:B` (router names; the first of parallel links) or `@12` (the number that
  /// `topologies show` prints). Without a tick the link is down for the whole episode, with one from
  /// that tick on, with two from the first until it is up again at the second.
  ///
  /// - Throws: `InputError` that names the value.
  public init(parsing values: [String], in topology: Topology) throws(InputError) {
    outages = []
    for value in values { outages.append(try Self.outage(value, in: topology)) }
  }

  private static func outage(_ value: String, in topology: Topology) throws(InputError)
    -> LinkOutage
  {
    // "@12" has an @ of its own, and a router's name may contain one: only an @ that is not the
    // first character, followed by a tick, starts the time.
    if let at = value.lastIndex(of: "@"), at != value.startIndex {
      let text = value[value.index(after: at)...]
      if let (from, until) = ticks(text) {
        guard until.map({ $0 > from }) ?? true else {
          throw InputError(
            file: "--fail", value: value,
            expected: "the link must come up after the tick in which it goes down")
        }
        return LinkOutage(
          link: try topology.link(described: String(value[..<at])), from: from, until: until)
      }
    }
    return LinkOutage(link: try topology.link(described: value))
  }

  /// `100` or `100..200`.
  private static func ticks(_ text: Substring) -> (Int, Int?)? {
    guard let dots = text.firstRange(of: "..") else {
      return tick(text).map { ($0, nil) }
    }
    guard let from = tick(text[..<dots.lowerBound]), let until = tick(text[dots.upperBound...])
    else { return nil }
    return (from, until)
  }

  private static func tick(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}

extension Topology {
  /// The link that a user means by `A:B` (router names; the first of parallel links) or `@12`.
  ///
  /// Names may contain colons: every colon is tried.
  ///
  /// - Throws: `InputError` that says which router or link does not exist.
  public func link(described text: String, option: String = "--fail") throws(InputError) -> LinkID {
    if text.hasPrefix("@"), let number = Int(text.dropFirst()) {
      guard links.indices.contains(number) else {
        throw InputError(
          file: option, value: text,
          expected: links.isEmpty
            ? "\(name) has no links" : "\(name) has the links @0 to @\(links.count - 1)")
      }
      return LinkID(number)
    }
    var unlinked: (String, String)?
    for colon in text.indices where text[colon] == ":" {
      let (left, right) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
      guard let a = router(named: left), let b = router(named: right) else { continue }
      if let link = link(from: a, to: b) ?? link(from: b, to: a) { return link }
      unlinked = (left, right)
    }
    if let (left, right) = unlinked {
      throw InputError(
        file: option, value: text, expected: "\(name) has no link between \(left) and \(right)")
    }
    throw InputError(
      file: option, value: text, expected: unknownLinkMessage(text))
  }

  private func unknownLinkMessage(_ text: String) -> String {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      return "a link is A:B (router names) or @12 (its number in `topologies show`)"
    }
    let missing = parts.map(String.init).first { router(named: $0) == nil } ?? text
    return "\(name) has no router '\(missing)'"
  }
}
