import MeanField
import Testing

struct FigureTests {
  @Test
  func figuresShowWhatTheyAreGiven() {
    let trace = FlowFigures.exploitability([("a < b", [1, 0.1, 0.01]), ("c", [1, 0.5])])
    #expect(trace.hasPrefix("<svg") && trace.hasSuffix("</svg>\n"))
    #expect(trace.contains("a &lt; b"))
    #expect(trace.components(separatedBy: "<polyline").count == 3)
    // One cell for each positive share, plus background, frame and the bar's 20 colours and frame.
    let flow = FlowFigures.flow([[0.5, 0.5], [0, 1]])
    #expect(flow.components(separatedBy: "<rect").count == 1 + 3 + 23)
    #expect(FlowFigures.policy([[0.2, 0.8]]).components(separatedBy: "<rect").count == 1 + 2 + 23)
    // Half of the top has the colour of √½ on the square-root scale.
    #expect(flow.contains("rgb(80,108,150)") && flow.contains("rgb(8,48,107)"))
  }

  /// What `meanfield solve --output` draws: walls grey, one file a population, large tables left out.
  @Test
  func aSolutionComesWithItsPictures() throws {
    func names(_ game: String, _ settings: [String: String]) throws -> [String: String] {
      let solution = try MeanFieldCatalogue.solve(
        game: game, solver: "online-mirror-descent", settings: settings,
        request: SolveRequest(iterations: 2))
      return Dictionary(
        uniqueKeysWithValues: SolutionFigures.files(of: solution).map { ($0.name, $0.text) })
    }
    let rooms = try names("four-rooms", [:])
    #expect(
      rooms.keys.sorted() == [
        "crowd.html", "crowd.svg", "exploitability.csv", "exploitability.svg", "flow.svg",
        "policy.svg",
      ])
    #expect(rooms["crowd.svg"]?.contains("#ccc") == true)
    #expect(rooms["crowd.html"]?.contains("[-1,-1,") == true)
    #expect(rooms["exploitability.csv"]?.split(separator: "\n").count == 4)
    let hunters = try names("predator-prey", ["size": "3", "lastStep": "2"])
    #expect(hunters.keys.contains("crowd-2.svg") && !hunters.keys.contains("crowd.svg"))
    let large = try names("crowd-motion", ["length": "40", "width": "40"])
    #expect(large["flow.svg"] == nil && large["crowd.svg"] != nil)
    #expect(try names("left-right", [:])["crowd.html"] == nil)
  }

  @Test
  func crowdPageHoldsEveryStep() {
    let page = CrowdPage.html(
      laws: [[0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25]], rows: 2, columns: 2, title: "x")
    #expect(page.contains("[[0,999,0,0],\n[500,500,500,500]]"))
    let large = CrowdPage.html(
      laws: [[Double](repeating: 1e-6, count: 1_000_000)], rows: 1000, columns: 1000, title: "x")
    #expect(large.contains("width=\"250\" height=\"250\""))
  }
}
