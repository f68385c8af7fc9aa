import Networks
import Routing
import Testing

struct ConsensusTests {
  let topology = BuiltInTopology.b4.topology
  var degrees: [Double] { topology.routerIDs.map { Double(topology.degree($0)) } }
  var measured: [Double] { (0..<topology.routerCount).map { -Double($0 * $0 % 17) - 1 } }
  var mean: Double { measured.reduce(0, +) / Double(measured.count) }

  func run(_ form: ConsensusForm, gain: Double, steps: Int, isUp: (LinkID) -> Bool = { _ in true })
    -> [Double]
  {
    var consensus = Consensus(topology: topology, form: form, gain: gain)
    for _ in 0..<steps { consensus.step(measured, isUp: isUp) }
    return consensus.estimates
  }

  func spread(_ estimates: [Double]) -> Double {
    estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
  }

  @Test func metropolisReachesTheExactMean() {
    for estimate in run(.metropolis, gain: 0.1, steps: 2000) {
      #expect(abs(estimate - mean) < 1e-9)
    }
  }

  /// The error shrinks by the second largest absolute eigenvalue of W, found by power iteration on
  /// the matrix written out.
  @Test func metropolisRate() {
    let n = topology.routerCount
    var w = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for link in topology.links {
      let (a, b) = (link.source.index, link.target.index)
      let weight = 1 / (1 + max(degrees[a], degrees[b]))
      w[a][b] += weight
      w[b][a] += weight
    }
    for i in 0..<n { w[i][i] = 1 - w[i].reduce(0, +) }
    var v = (0..<n).map { Double($0 * 7 % 5) - 2 }
    var eigenvalue = 0.0
    for _ in 0..<5000 {
      let average = v.reduce(0, +) / Double(n)
      v = v.map { $0 - average }
      let next = w.map { row in zip(row, v).reduce(0) { $0 + $1.0 * $1.1 } }
      let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      eigenvalue = next.reduce(0) { $0 + $1 * $1 }.squareRoot() / norm
      v = next.map { $0 / max(eigenvalue, 1e-300) / norm }
    }
    let rate =
      spread(run(.metropolis, gain: 0, steps: 121)) / spread(run(.metropolis, gain: 0, steps: 120))
    #expect(eigenvalue < 1)
    #expect(abs(rate - eigenvalue) < 1e-3)
  }

  @Test func thePrintedSignDiverges() {
    let early = spread(run(.printed, gain: 0.1, steps: 10))
    let late = spread(run(.printed, gain: 0.1, steps: 60))
    #expect(late > 1e3 * early)
  }

  @Test func theReleasedFormSettlesAtTheDegreeWeightedMean() {
    let weighted =
      zip(measured, degrees).reduce(0) { $0 + $1.0 * $1.1 } / degrees.reduce(0, +)
    #expect(abs(weighted - mean) > 0.05)
    for estimate in run(.released, gain: 0.5, steps: 3000) {
      #expect(abs(estimate - weighted) < 1e-8)
    }
  }

  @Test func aFailedLinkIsNotTalkedOver() throws {
    // Without all links of router 0 it keeps its own number, and the others reach their own mean.
    let cut = Set(topology.outgoing(RouterID(0)).map(\.link))
    let estimates = run(.metropolis, gain: 0, steps: 3000) { !cut.contains($0) }
    #expect(estimates[0] == measured[0])
    let rest = measured.dropFirst().reduce(0, +) / Double(measured.count - 1)
    for estimate in estimates.dropFirst() { #expect(abs(estimate - rest) < 1e-6) }
  }

  @Test func itFollowsAChange() {
    var consensus = Consensus(topology: topology, form: .metropolis, gain: 0)
    for _ in 0..<500 { consensus.step(measured) { _ in true } }
    let moved = measured.map { $0 - 5 }
    for _ in 0..<500 { consensus.step(moved) { _ in true } }
    for estimate in consensus.estimates { #expect(abs(estimate - (mean - 5)) < 1e-6) }
  }
}
