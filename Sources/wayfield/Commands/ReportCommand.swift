import Experiments
import Networks
import Reporting

/// `wayfield report`: figures and page of a stored run, drawn anew.
enum ReportCommand: Command {
  static let runs = Argument<[String]>.positionals(
    "run", .path("folder"),
    help: "Folders that 'compare', 'failures' or 'reproduce' (routing-failures, mamrl-…) wrote.")
  static let declaration = CommandDeclaration(
    name: "report", summary: "Draws the figures and the page of stored runs.",
    discussion: [
      "Reads only what is stored. Figures (SVG) lie in the folder's figures/ beside their data (CSV) "
        + "and their gnuplot script; the page holds everything and needs no network."
    ],
    examples: ["wayfield report runs/b4"], arguments: [runs])

  static func run(_ input: Invocation) throws -> CommandResult {
    let pages = try input[runs].flatMap { folder in
      let pages = try writeStudyPages(folder: folder)
      return pages.isEmpty ? [try writeReport(folder: folder)] : pages
    }
    return CommandResult(
      json: ["reports": .array(pages.map { .string($0) })],
      text: pages.map { "Report: \($0)" }.joined(separator: "\n"))
  }

  /// Writes the report of a folder, and turns its errors into those of the command line.
  static func writeReport(folder: String) throws -> String {
    try translated {
      CampaignReport.isCampaign(folder: folder)
        ? try CampaignReport(folder: folder).write() : try ComparisonReport(folder: folder).write()
    }
  }

  /// Writes the pages of the studies in a folder; none where it holds none.
  static func writeStudyPages(folder: String) throws -> [String] {
    var pages: [String] = []
    if FailurePages.isStudy(folder: folder) {
      pages += try translated { try FailurePages(folder: folder).write() }
    }
    if MAMRLReport.isStudy(folder: folder) {
      pages.append(try translated { try MAMRLReport(folder: folder).write() })
    }
    return pages
  }

  /// Fails where figures cannot be drawn on this machine.
  static func requireDrawing() throws { _ = try translated { try Gnuplot() } }

  private static func translated<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as ReportError {
      switch error.kind {
      case .input: throw UsageError(error.description)
      case .environment: throw CommandFailure(error.description)
      }
    }
  }
}
