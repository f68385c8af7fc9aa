import MeanField
import Testing

struct FigureTests {
  @Test
  func figuresShowWhatTheyAreGiven() {
    let trace = FlowFigures.exploitability([("a < b", [1, 0.1, 0.01]), ("c", [1, 0.5])])
    #expect(trace.hasPrefix("<svg") && trace.hasSuffix("</svg>\n"))
    #expect(trace.contains("a &lt; b"))
    #expect(trace.components(separatedBy: "<polyline").count == 3)
    // One cell for each positive share, plus background and frame.
    let flow = FlowFigures.flow([[0.5, 0.5], [0, 1]])
    #expect(flow.components(separatedBy: "<rect").count == 1 + 3 + 2)
    #expect(FlowFigures.policy([[0.2, 0.8]]).components(separatedBy: "<rect").count == 1 + 2 + 2)
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
