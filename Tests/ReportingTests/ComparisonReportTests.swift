import Experiments
import Foundation
import Reporting
import Testing

/// A small stored run, written as a user's disk would hold it.
private struct StoredRun {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("wayfield-report-\(UUID().uuidString)").path

  init(results: String? = nil) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write(results ?? Self.results, "results.json")
    try write(
      #"{"name":"t","routers":[{"name":"A"},{"name":"B, \"b\""}],"links":[{"source":0,"target":1}]}"#,
      "network.json")
    var load = "algorithm,failure,place,kind,index,packets_per_tick\n"
    var series = "algorithm,failure,place,tick,generated,delivered,lost,backlog\n"
    for algorithm in ["ecmp", "it's_{odd}"] {
      for failure in ["", "A:B@50"] {
        load += "\(algorithm),\(failure),0.5,router,0,0.4\n\(algorithm),\(failure),0.5,link,0,0.7\n"
        for tick in 0..<100 { series += "\(algorithm),\(failure),0.5,\(tick),1,1,0,2\n" }
      }
    }
    try write(load, "load.csv")
    try write(series, "series.csv")
  }

  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  private static let results: String = {
    var rows: [String] = []
    for failure in ["null", "\"A:B@50\""] {
      rows += [
        row("ecmp", failure, delay: 12, published: 9, share: 0.98),
        row("it's_{odd}", failure, delay: 20, published: 7, share: 0.5),
      ]
    }
    return """
      {"topology":"t","traffic":"uniform","model":"standard","capacity":0.3,"horizon":100,
       "episodes":4,"trainingSeeds":1,"seed":1,"commandLine":"wayfield compare <x>",
       "reference":"ecmp","failures":[{"name":"A:B@50","link":0,"from":50,"until":null}],
       "results":[\(rows.joined(separator: ","))]}
      """
  }()

  private static func row(
    _ algorithm: String, _ failure: String, delay: Double, published: Double, share: Double
  ) -> String {
    """
    {"algorithm":"\(algorithm)","load":0.15,"loadFraction":0.5,"failure":\(failure),
     "restrictedMeanDelay":{"mean":\(delay),"low":\(delay - 1),"high":\(delay + 1)},
     "meanDeliveryTime":{"mean":\(published),"low":null,"high":null},
     "deliveredShare":{"mean":\(share),"low":null,"high":null},
     "jainIndex":{"mean":null,"low":null,"high":null}}
    """
  }
}

private let hasGnuplot = (try? Gnuplot()) != nil

@Suite struct ComparisonReportTests {
  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func writesASelfContainedPageWithItsFigures() throws {
    let run = try StoredRun()
    defer { run.remove() }
    let path = try ComparisonReport(folder: run.path).write()
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.contains("wayfield compare &lt;x&gt;"))
    #expect(
      page.contains("ecmp has the lowest restricted mean delay at 50 % of the capacity: 12.0 ticks")
    )
    #expect(page.contains("would choose it's_{odd} instead, which delivers 50 %"))
    #expect(!page.contains("src=") && !page.contains("<script") && !page.contains("<link"))
    for name in ["delay-load", "delay-load-failure", "failure-series"] {
      #expect(XMLCheck().isWellFormed(try run.text("figures/\(name).svg")), "\(name)")
      #expect(try run.text("figures/\(name).csv").hasPrefix(name.hasPrefix("d") ? "load" : "tick"))
      #expect(try run.text("figures/\(name).gp").contains("set output '\(name).svg'"))
    }
    let lines = try run.text("figures/delay-load.csv").split(separator: "\n")
    #expect(lines.count == 2 && lines[1].hasPrefix("0.5,9,9,9,7,7,7,12,11,13,20,19,21"))
    #expect(XMLCheck().isWellFormed(try run.text("figures/map-ecmp.svg")))
  }

  /// One load, one training: nothing to draw curves through, but a picture all the same.
  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: [1, 2])
  func aGridOfSinglePoints(places: Int) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wayfield-grid-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let series = ["a", "b"].enumerated().map { style, label in
      PanelGrid.Series(
        label: label, style: style,
        points: (0..<places).map {
          PanelGrid.Point(x: 0.5 + Double($0), y: Interval(mean: Double(style + 1)))
        })
    }
    let grid = PanelGrid(
      name: "grid", columns: 1,
      panels: [PanelGrid.Panel(title: "t", yLabel: "y", series: series)])
    _ = try Gnuplot().draw(
      GnuplotFigure(
        name: grid.name, data: grid.figure.csv, commands: grid.figure.commands,
        width: grid.figure.width, height: grid.figure.height), in: folder)
    let picture = try String(contentsOfFile: folder + "/grid.svg", encoding: .utf8)
    #expect(XMLCheck().isWellFormed(picture))
    #expect(
      ["a", "b"].allSatisfy {
        picture.contains("<text><![CDATA[\($0)]]></text>") || picture.contains(">\($0)<")
      })
  }

  @Test func namesTheMissingProgram() {
    let error = #expect(throws: ReportError.self) { try Gnuplot(searchPath: "/nowhere") }
    #expect(error?.kind == .environment)
    #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
  }

  @Test(arguments: [
    ("", "it is damaged"), ("{}", "the key 'topology' is missing"), ("[1]", "wrong type"),
    (#"{"topology":3}"#, "'topology' has the wrong type"),
  ])
  func saysWhatIsWrongWithAFolder(results: String, reason: String) throws {
    let run = try StoredRun(results: results)
    defer { run.remove() }
    let error = #expect(throws: ReportError.self) { try ComparisonReport(folder: run.path) }
    #expect(error?.kind == .input)
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func saysThatAFolderIsNoRun() {
    let error = #expect(throws: ReportError.self) { try ComparisonReport(folder: "/nowhere") }
    #expect(error?.description.contains("/nowhere/results.json") == true)
  }
}
