import Networks
import Testing

/// How warnings are counted, seen through a reader that gives many of them.
struct WarningLogTests {
  private func warnings(_ rows: [String]) throws -> [String] {
    let text = (["source,target,latency"] + rows).joined(separator: "\n") + "\n"
    return try TopologyFormat.csv.read(InputText(file: "a.csv", string: text))
      .warnings.map(\.description)
  }

  @Test func theSameSentenceIsSaidOnceWithACount() throws {
    let found = try warnings((0..<39).map { "r\($0),r\($0 + 1),3" })
      .filter { $0.contains("no unit; taken to be milliseconds") }
    #expect(
      found == ["a.csv:2: 'latency' has no unit; taken to be milliseconds (and 38 times more)"])
  }

  @Test func manyDifferentOnesOfAKindAreCut() throws {
    let found = try warnings((0..<25).map { "r\($0),r\($0 + 1),x\($0)" })
    #expect(found.filter { $0.contains("is not a number") }.count == 10)
    #expect(found.last == "a.csv: 15 more warnings like these")
  }
}
