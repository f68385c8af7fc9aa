import Networks

/// How the text of an argument becomes a value, and what to say when it does not.
package struct ValueType<Value: Sendable>: Sendable {
  /// What stands for the value in a usage line.
  package let placeholder: String
  /// A clause: "a whole number from 1 to 10".
  package let expectation: String
  /// All values that are accepted, where they can be listed.
  package var choices: [String] = []
  package let parse: @Sendable (String) -> Value?
  /// The text that a default is shown as.
  package var text: @Sendable (Value) -> String = { "\($0)" }

  package init(
    placeholder: String, expectation: String, choices: [String] = [],
    parse: @escaping @Sendable (String) -> Value?
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.choices = choices
    self.parse = parse
  }

  package func value(of text: String, for label: String) throws(InputError) -> Value {
    if let value = parse(text) { return value }
    var clause = "expected \(expectation)"
    if let near = Suggestions.nearest(to: text, in: choices) { clause += ", perhaps '\(near)'" }
    throw InputError(file: label, value: text, expected: clause)
  }

  package func values(of texts: [String], for label: String) throws(InputError) -> [Value] {
    var values: [Value] = []
    for text in texts { values.append(try value(of: text, for: label)) }
    return values
  }

  /// Values of this type separated by commas, at least one.
  package func list() -> ValueType<[Value]> {
    let parse = self.parse
    let text = self.text
    var type = ValueType<[Value]>(
      placeholder: "\(placeholder),…",
      expectation: "\(expectation), or several of them separated by commas", choices: choices
    ) { list in
      let items = list.split(separator: ",", omittingEmptySubsequences: false)
      var values: [Value] = []
      for item in items {
        guard let value = parse(String(item).trimmingSpaces) else { return nil }
        values.append(value)
      }
      return values
    }
    type.text = { $0.map(text).joined(separator: ",") }
    return type
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension ValueType where Value == String {
  /// Any text that is not empty.
  package static func text(_ placeholder: String) -> ValueType {
    ValueType(placeholder: placeholder, expectation: "some text") { $0.isEmpty ? nil : $0 }
  }
  package static var text: ValueType { text("text") }

  /// A path of the file system.
  package static func path(_ placeholder: String = "file") -> ValueType {
    ValueType(placeholder: placeholder, expectation: "a path") {
      $0.isEmpty || $0.contains("\0") ? nil : $0
    }
  }

  /// One of some names.
  package static func choice(_ placeholder: String, _ names: [String]) -> ValueType {
    ValueType(
      placeholder: placeholder, expectation: "one of \(names.joined(separator: ", "))",
      choices: names
    ) { names.contains($0) ? $0 : nil }
  }
}

extension ValueType where Value == Int {
  /// A whole number in a range.
  package static func integer(
    _ range: ClosedRange<Int>, placeholder: String = "number"
  ) -> ValueType {
    let upper = range.upperBound >= 1 << 53 ? "" : " to \(range.upperBound)"
    let expectation =
      upper.isEmpty
      ? "a whole number, at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound)\(upper)"
    return ValueType(placeholder: placeholder, expectation: expectation) { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueType where Value == UInt64 {
  /// A seed: any whole number that 64 bits hold.
  package static var seed: ValueType {
    ValueType(placeholder: "number", expectation: "a whole number from 0 to 18446744073709551615") {
      UInt64($0)
    }
  }
}

extension ValueType where Value == Double {
  /// A finite number in a range.
  package static func number(
    _ range: ClosedRange<Double>, placeholder: String = "number"
  ) -> ValueType {
    let bounds =
      range.upperBound.isFinite
      ? "from \(range.lowerBound.shortText) to \(range.upperBound.shortText)"
      : "of at least \(range.lowerBound.shortText)"
    var type = ValueType(placeholder: placeholder, expectation: "a number \(bounds)") { text in
      Double(text).flatMap { $0.isFinite && range.contains($0) ? $0 : nil }
    }
    type.text = { $0.shortText }
    return type
  }

  /// A finite number above zero.
  package static func positive(placeholder: String = "number") -> ValueType {
    var type = ValueType(placeholder: placeholder, expectation: "a number above 0") { text in
      Double(text).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }
    type.text = { $0.shortText }
    return type
  }
}

extension ValueType where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases of an enumeration.
  package static func cases(_ placeholder: String) -> ValueType {
    let names = Value.allCases.map(\.rawValue)
    var type = ValueType(
      placeholder: placeholder, expectation: "one of \(names.joined(separator: ", "))",
      choices: names
    ) { Value(rawValue: $0) }
    type.text = { $0.rawValue }
    return type
  }
}

extension Double {
  fileprivate var shortText: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : description
  }
}
