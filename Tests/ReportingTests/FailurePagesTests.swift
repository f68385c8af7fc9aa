import Foundation
import Reporting
import Testing

@Suite struct FailurePagesTests {
  private static let header =
    "network,fraction,masked,kind,failure,links,seen,training_seed,episodes,lost,lost_in_flight,"
    + "first_delay,first_reference,level_after,reference_after\n"

  private func withFolder(_ rows: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("wayfield-pages-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data((Self.header + rows).utf8)
      .write(to: URL(fileURLWithPath: path + "/routing-failures.csv"))
    try body(path)
  }

  @Test func everyLinkStandsOnItsNetworksPage() throws {
    let rows = """
      b4,0.6,false,seen,A:B,0,true,0,5,10,0,12,10,11,10
      b4,0.6,false,seen,A:B,0,true,1,7,20,0,14,10,11,10
      b4,0.6,false,seen,C:<D,1,false,0,6,40,2,13,10,11,10
      b4,0.6,false,seen,C:<D,1,false,1,,50,2,13,10,11,10
      att,0.8,true,middle,X:Y,0,false,0,5,1,1,9,9,9,9

      """
    try withFolder(rows) { folder in
      #expect(FailurePages.isStudy(folder: folder))
      let pages = try FailurePages(folder: folder).write()
      #expect(
        pages.map { $0.split(separator: "/").last } == ["failures-b4.html", "failures-att.html"])
      let page = try String(contentsOfFile: folder + "/failures-b4.html", encoding: .utf8)
      #expect(page.contains("C:&lt;D") && !page.contains("X:Y"))
      // (5 + 7 + 6) / 3 episodes where it adapted; (10 + 20 + 40 + 50) / 4 packets lost.
      #expect(page.contains("Adapted after 6.00 episodes in the mean, 7 at worst; 1 of 4"))
      #expect(page.contains("30.0 packets in the mean, 50 at most"))
      #expect(page.contains("Worst case: C:&lt;D in training seed 1, not adapted"))
      #expect(page.contains("not in all seeds"))
      #expect(page.contains("Links that failed in training: 6.00 episodes, 15.0 packets lost."))
    }
  }

  @Test func damagedRowsAreNamed() throws {
    try withFolder("b4,x,false,start,A:B,0,false,0,5,1,0,1,1,1,1\n") { folder in
      #expect(throws: ReportError.self) { try FailurePages(folder: folder) }
    }
  }
}
