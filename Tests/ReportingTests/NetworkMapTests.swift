import Foundation
import Reporting
import Testing

@Suite struct NetworkMapTests {
  private func ring(_ count: Int, names: (Int) -> String = { "R\($0)" }) -> StoredNetwork {
    StoredNetwork(
      name: "ring", routers: (0..<count).map { .init(name: names($0)) },
      links: (0..<count).map { .init(source: $0, target: ($0 + 1) % count) })
  }

  @Test func layoutFillsTheSquareAndKeepsNeighboursTogether() {
    let network = ring(12)
    let places = GraphLayout.places(of: network)
    #expect(places == GraphLayout.places(of: network))
    #expect(places.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) })
    let span = (places.map(\.x).max() ?? 0) - (places.map(\.x).min() ?? 0)
    #expect(span > 0.9)
    let distance = { (a: Int, b: Int) in
      hypot(places[a].x - places[b].x, places[a].y - places[b].y)
    }
    for router in 0..<12 {
      #expect(distance(router, (router + 1) % 12) < distance(router, (router + 6) % 12))
    }
  }

  @Test func givenPlacesAreKeptWithNorthUp() {
    let network = StoredNetwork(
      name: "two", routers: [.init(name: "north", x: 0, y: 50), .init(name: "south", x: 0, y: 40)],
      links: [])
    let places = GraphLayout.places(of: network)
    #expect(places[0].y < places[1].y)
  }

  @Test(arguments: [0, 1, 2, 200]) func drawsNetworksOfAnySize(count: Int) throws {
    let network = StoredNetwork(
      name: "n", routers: (0..<count).map { .init(name: "<&\"\($0)>") },
      links: count > 1 ? [.init(source: 0, target: 1), .init(source: 1, target: 0)] : [])
    let svg = NetworkMap(
      network: network, title: "a <b>", linkShares: network.links.map { _ in .nan },
      routerShares: network.routers.map { _ in 2 }, failedLinks: [1], scale: ("0", "1")
    ).svg
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    let parser = XMLCheck()
    #expect(parser.isWellFormed(svg))
    #expect(parser.elements["circle", default: 0] == count)
  }

  @Test func palettesStayInRange() {
    #expect(Palette.heat(-1) == Palette.heat(0))
    #expect(Palette.heat(.infinity) == Palette.heat(0))
    #expect(Palette.heat(2) == Palette.heat(1))
    #expect(Set((0..<10).map(Palette.line)).count == 10)
  }
}
