/// The entities by which XML and GML write single characters.
enum CharacterEntities {
  /// The character that a name between `&` and `;` stands for; nil where it is not known.
  static func character(_ name: some StringProtocol) -> Character? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard name.hasPrefix("#") else { return nil }
    let isHexadecimal = name.hasPrefix("#x")
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), value > 0 else { return nil }
    return Unicode.Scalar(value).map(Character.init)
  }

  /// A text with its entities replaced; what is none stays as it is.
  static func decode(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      let name = rest[rest.index(after: start)...].prefix(12).prefix { $0 != ";" }
      let isClosed = name.endIndex < rest.endIndex && rest[name.endIndex] == ";"
      if isClosed, let character = character(name) {
        result.append(character)
        rest = rest[rest.index(after: name.endIndex)...]
      } else {
        result.append("&")
        rest = rest[rest.index(after: start)...]
      }
    }
    return result + rest
  }
}
