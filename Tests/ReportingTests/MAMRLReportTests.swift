import Foundation
import Reporting
import Testing

@Suite struct MAMRLReportTests {
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("wayfield-mamrl-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }
    try body(path)
  }

  private static func stored(_ id: String, _ verdict: String) -> String {
    """
    {"id": "\(id)", "quick": true, "seeds": 3, "verdicts": ["\(verdict)"],
     "command": "wayfield reproduce \(id) --quick",
     "claims": [{"network": "b4", "claim": "claim of \(id)", "published": "50 < 100",
                 "sound": "90 & 120", "verdict": "holds \(verdict)"}]}
    """
  }

  @Test func claimsPicturesAndWordsStandOnThePage() throws {
    let picture = "<?xml version=\"1.0\"?><svg viewBox=\"0 0 350 900\"><path id='a'/></svg>"
    try withFolder([
      "mamrl-fig4.json": Self.stored("mamrl-fig4", "as claimed"),
      "mamrl-fig4-plot.svg": picture,
      "mamrl-table2.json": Self.stored("mamrl-table2", "two"),
      "mamrl-table2-plot.svg": "<svg viewBox='0 0 1 1'> broken off",
      "mamrl-reward.json":
        "{\"id\": \"mamrl-reward\", \"verdicts\": [\"gamed\"]}",
      "mamrl-notes.json": "[1]",
    ]) { folder in
      #expect(MAMRLReport.isStudy(folder: folder))
      let page = try String(
        contentsOfFile: try MAMRLReport(folder: folder).write(), encoding: .utf8)
      #expect(page.contains("50 &lt; 100") && page.contains("90 &amp; 120"))
      #expect(page.contains("holds as claimed") && page.contains("claim of mamrl-table2"))
      #expect(page.contains("<li>gamed</li>") && !page.contains("<li>two</li>"))
      #expect(page.contains("quick form · 3 trainings"))
      #expect(page.contains("Figure 4: delivery time against load"))
      #expect(page.contains("max-width: 525px") && !page.contains("broken off"))
      #expect(page.contains("wayfield reproduce mamrl-fig4 --quick --output FOLDER"))
    }
  }

  @Test func damagedFilesAreNamed() throws {
    for damaged in ["{\"id\": 3}", "[]", ""] {
      try withFolder(["mamrl-fig4.json": damaged]) { folder in
        let error = #expect(throws: ReportError.self) { try MAMRLReport(folder: folder) }
        #expect(error?.description.contains("mamrl-fig4.json") ?? false)
      }
    }
    try withFolder(["other.json": "{}"]) { folder in
      #expect(!MAMRLReport.isStudy(folder: folder))
    }
  }
}
