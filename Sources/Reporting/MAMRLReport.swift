import Foundation

/// Makes the page of the stored reproductions of the MAMRL paper: each claim beside what the published
/// model in the published measure and the corrected model with every packet counted say of it, then
/// figure by figure what was found.
///
/// ```swift
/// try MAMRLReport(folder: "runs/mamrl").write()   // mamrl-report.html
/// ```
///
/// Reads the reproductions' own files of the folder (`mamrl-fig4.json` …) and the pictures beside them.
public struct MAMRLReport {
  private let folder: String
  private let reproductions: [StoredReproduction]

  /// Whether a folder holds such reproductions.
  public static func isStudy(folder: String) -> Bool {
    titles.contains { StoredReproduction.exists(folder: folder, id: $0.id) }
  }

  public init(folder: String) throws(ReportError) {
    self.folder = folder
    reproductions = try StoredReproduction.all(folder: folder, ids: Self.titles.map(\.id))
    guard !reproductions.isEmpty else {
      throw ReportError(.input, "'\(folder)' holds no reproduction of the MAMRL paper.")
    }
  }

  /// Writes the page.
  ///
  /// - Returns: its path.
  @discardableResult
  public func write() throws -> String {
    let path = "\(folder)/mamrl-report.html"
    try Data(page.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    return path
  }

  private var page: HTMLPage {
    var page = HTMLPage(title: "What holds of MAMRL", subtitle: subtitle)
    let claims = reproductions.flatMap { $0.claims ?? [] }
    if !claims.isEmpty {
      page.heading("The paper's claims side by side")
      page.table(
        columns: [
          "Network", "Claim", "Published model, published measure", "Corrected model, all packets",
          "What holds",
        ],
        rows: claims.map { claim in
          [claim.network, claim.claim, claim.published, claim.sound, claim.verdict].map {
            HTMLPage.Cell($0, isNumber: false)
          }
        })
    }
    for reproduction in reproductions { add(reproduction, to: &page) }
    return page
  }

  private var subtitle: String {
    let forms = Set(reproductions.compactMap(\.quick)).map { $0 ? "quick form" : "full form" }
    let seeds = Set(reproductions.compactMap(\.seeds)).sorted().map(String.init)
    return
      (forms.sorted()
      + (seeds.isEmpty ? [] : ["\(seeds.joined(separator: " or ")) trainings"])
      + ["95 % intervals over trainings in brackets"]).joined(separator: " · ")
  }

  private func add(_ reproduction: StoredReproduction, to page: inout HTMLPage) {
    let pictures = pictures(of: reproduction.id)
    // Verdicts on claims stand in the table.
    let sentences = reproduction.claims == nil ? reproduction.verdicts ?? [] : []
    page.heading(Self.titles.first { $0.id == reproduction.id }?.title ?? reproduction.id)
    for picture in pictures {
      page.figure(svgs: [picture], caption: "Bands and bars: 95 % intervals over trainings.")
    }
    page.list(sentences)
    if let command = reproduction.command { page.code("\(command) --output FOLDER") }
  }

  /// The pictures of a reproduction, `<id>-plot….svg`; what is no whole picture is left out.
  private func pictures(of id: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(id + "-plot") && $0.hasSuffix(".svg") }.sorted().compactMap {
      guard let text = try? String(contentsOfFile: folder + "/" + $0, encoding: .utf8),
        text.contains("<svg"), text.contains("</svg>")
      else { return nil }
      return text
    }
  }

  private static let titles: [(id: String, title: String)] = [
    ("mamrl-fig4", "Figure 4: delivery time against load"),
    ("mamrl-fig5", "Figure 5: packets lost after a link failure"),
    ("mamrl-fig6", "Figure 6: delivery time after a link failure"),
    ("mamrl-fig7", "Figure 7: reward after a link failure"),
    ("mamrl-table1", "Table 1: the networks"),
    ("mamrl-table2", "Table 2: episodes to adapt to a link failure"),
    ("mamrl-ablation", "Seed 000: is local state or reward enough?"),
    ("mamrl-reward", "What training on the published reward does to delivery"),
    ("mamrl-flaws", "The flaws, repaired one at a time"),
    ("mamrl-adaptation", "What makes the sound learner adapt"),
    ("mamrl-fisher", "What the Fisher subsample does"),
  ]
}
