import Experiments
import Foundation
import Networks
import Testing

@Suite struct RunFolderTests {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("wayfield-runs-\(UUID().uuidString)")
  private let files = FileManager.default

  private func names(_ path: String) -> [String] {
    ((try? files.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  @Test func appearsWholeOrNotAtAll() throws {
    defer { try? files.removeItem(at: root) }
    let path = root.appendingPathComponent("a/run").path
    let draft = try RunFolder.Draft(path: path)
    try draft.write("{}", to: RunFolder.configurationFile)
    try draft.write("x", to: "figures/one.csv")
    #expect(!files.fileExists(atPath: path))
    try draft.publish()
    #expect(names(path) == ["configuration.json", "figures"])
    #expect(names(root.appendingPathComponent("a").path) == ["run"])
  }

  @Test func droppedDraftsLeaveNothing() throws {
    defer { try? files.removeItem(at: root) }
    do { try RunFolder.Draft(path: root.appendingPathComponent("run").path).write("x", to: "y") }
    #expect(names(root.path).isEmpty)
  }

  @Test func replacesRunsAndNothingElse() throws {
    defer { try? files.removeItem(at: root) }
    let path = root.appendingPathComponent("run").path
    for name in ["old.txt", "new.txt"] {
      let draft = try RunFolder.Draft(path: path)
      try draft.write("{}", to: RunFolder.configurationFile)
      try draft.write("x", to: name)
      try draft.publish()
    }
    #expect(names(path) == ["configuration.json", "new.txt"])

    let other = root.appendingPathComponent("photos").path
    try files.createDirectory(atPath: other, withIntermediateDirectories: true)
    try Data("me".utf8).write(to: URL(fileURLWithPath: other + "/me.jpg"))
    #expect(throws: InputError.self) { try RunFolder.Draft(path: other) }
    #expect(throws: InputError.self) { try RunFolder.Draft(path: other + "/me.jpg") }
    #expect(names(other) == ["me.jpg"])
  }
}

@Suite struct CSVTableTests {
  @Test func quotesWhatNeedsIt() {
    var table = CSVTable(columns: ["name", "n", "x", "y"])
    table.append([.text("a,\"b\""), .integer(3), .number(0.1), .optional(nil)])
    table.append([.text("plain"), .integer(-1), .number(.infinity), .number(2)])
    #expect(table.text == "name,n,x,y\n\"a,\"\"b\"\"\",3,0.1,\nplain,-1,,2\n")
  }
}
