import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Whether a picture or page is well-formed XML, and which elements it has.
final class XMLCheck: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]

  func isWellFormed(_ text: String) -> Bool {
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    return parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    elements[name, default: 0] += 1
  }
}
