import Experiments
import Foundation
import Networks
import Randomness
import Testing

@Suite struct JSONValueTests {
  @Test func writesKeysInOrderAndNumbersShort() {
    let value: JSONValue = [
      "b": 1, "a": [0.1, 1e300, -2.0], "c": "ä\"\n\u{1}", "n": nil, "t": true,
    ]
    #expect(
      value.text() == #"{"b":1,"a":[0.1,1e+300,-2],"c":"ä\"\n\u0001","n":null,"t":true}"#)
    #expect(JSONValue.number(.nan).text() == "null")
  }

  @Test func everyNumberReadsBackAsItself() throws {
    var stream = RandomStream(seed: 3)
    for _ in 0..<2000 {
      let number = Double(bitPattern: stream.next())
      guard number.isFinite else { continue }
      #expect(Double(JSONValue.numberText(number)) == number)
    }
  }

  @Test func readsWhatItWrites() throws {
    let text = #"{"z":[1,2.5,{"k":null}],"a":"\u00e4\ud83d\ude00\/","e":[],"o":{}}"#
    let value = try JSONValue(parsing: text, file: "t")
    #expect(value["a"] == "ä😀/")
    #expect(try JSONValue(parsing: value.text(), file: "t") == value)
    #expect(try JSONValue(parsing: value.text(indented: true), file: "t") == value)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "1.", ".5", "+1", "nul", "\"a", "\"\\x\"",
    "\"\\ud800\"", "[1] 2", "{a:1}", "1e999", "-", "\"\t\"",
  ])
  func refusesWhatIsNotJSON(text: String) {
    #expect(throws: InputError.self) { try JSONValue(parsing: text, file: "t") }
  }

  /// Foundation's reader is the independent judge: whatever we accept, it accepts.
  @Test func damagedTextsNeverCrashAndNothingWrongIsAccepted() throws {
    let whole = Array(#"{"z":[1,-2.5e3,{"k":null}],"a":"\u00e4x","t":[true,false]}"#.utf8)
    var stream = RandomStream(seed: 5)
    for _ in 0..<3000 {
      var bytes = Array(whole.prefix(1 + stream.integer(below: whole.count)))
      bytes[stream.integer(below: bytes.count)] ^= UInt8(1 << stream.integer(below: 7))
      let text = String(decoding: bytes, as: UTF8.self)
      if (try? JSONValue(parsing: text, file: "t")) != nil {
        #expect(throws: Never.self, "\(text)") {
          try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        }
      }
    }
    #expect(throws: InputError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000), file: "t")
    }
  }
}
