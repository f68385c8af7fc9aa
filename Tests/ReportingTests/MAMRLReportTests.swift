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
     "claims": [{"network": "b4", "claim": "claim of \(id)", "published": "50 < 100",
                 "sound": "90 & 120", "verdict": "holds \(verdict)"}]}
    """
  }

  @Test func claimsPicturesAndWordsStandOnThePage() throws {
    let picture = "<?xml version=\"1.0\"?><svg viewBox=\"0 0 350 900\"><path id='a'/></svg>"
    try withFolder([
      "mamrl-fig4.json": Self.stored("mamrl-fig4", "the newer one"),
      "mamrl-fig4-plot.svg": picture,
      "mamrl-all.json": "{\"id\": \"mamrl-all\", \"quick\": true, \"parts\": ["
        + Self.stored("mamrl-fig4", "the older one") + "," + Self.stored("mamrl-table2", "two")
        + "]}",
    ]) { folder in
      #expect(MAMRLReport.isStudy(folder: folder))
      let page = try String(
        contentsOfFile: try MAMRLReport(folder: folder).write(), encoding: .utf8)
      #expect(page.contains("50 &lt; 100") && page.contains("90 &amp; 120"))
      #expect(page.contains("holds the newer one") && !page.contains("the older one"))
      #expect(page.contains("claim of mamrl-table2"))
      #expect(page.contains("quick form · 3 trainings"))
      #expect(page.contains("Figure 4: delivery time against load"))
      #expect(page.contains("max-width: 525px") && page.contains("<svg"))
      #expect(page.contains("wayfield reproduce mamrl-fig4 --quick --output FOLDER"))
    }
  }

  @Test func damagedFilesAreNamed() throws {
    try withFolder(["mamrl-fig4.json": "{\"id\": 3}"]) { folder in
      #expect(throws: ReportError.self) { try MAMRLReport(folder: folder) }
    }
    try withFolder(["other.json": "{}"]) { folder in
      #expect(!MAMRLReport.isStudy(folder: folder))
    }
  }
}
