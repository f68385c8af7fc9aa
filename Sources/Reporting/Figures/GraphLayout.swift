import Foundation

/// Places the routers of a network on a drawing.
///
/// Given places are used where (nearly) all routers have distinct ones; otherwise springs push
/// routers apart and pull neighbours together, from a circle in the order of the routers.
///
/// - Source: Fruchterman, Reingold (1991), *Graph drawing by force-directed placement*, Software:
///   Practice and Experience 21(11).
/// - Differs: starts on a circle, not at random, so a network always gives the same picture; a weak
///   pull towards the middle keeps the parts of a disconnected network together.
/// - Randomness: none.
/// - Complexity: routers² per round; rounds fall from 300 as networks grow.
public enum GraphLayout {
  /// A place in the unit square, y downwards as in SVG.
  public struct Place: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// One place for each router, filling the unit square in at least one direction.
  public static func places(of network: StoredNetwork) -> [Place] {
    let given = network.routers.compactMap { router in
      router.x.flatMap { x in router.y.map { Place(x: x, y: -$0) } }
    }
    let isComplete = given.count == network.routers.count
    let isDistinct = Set(given).count * 10 >= given.count * 9
    return fitted(isComplete && isDistinct ? given : springs(network))
  }

  /// Moves and scales to the unit square without distortion, centred.
  private static func fitted(_ places: [Place]) -> [Place] {
    guard let minX = places.map(\.x).min(), let maxX = places.map(\.x).max(),
      let minY = places.map(\.y).min(), let maxY = places.map(\.y).max()
    else { return [] }
    let size = max(maxX - minX, maxY - minY, 1e-9)
    let (shiftX, shiftY) = ((size - (maxX - minX)) / 2, (size - (maxY - minY)) / 2)
    return places.map {
      Place(x: ($0.x - minX + shiftX) / size, y: ($0.y - minY + shiftY) / size)
    }
  }

  private static func springs(_ network: StoredNetwork) -> [Place] {
    let count = network.routers.count
    var places = (0..<count).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(max(count, 1))
      return Place(x: 0.5 + 0.5 * cos(angle), y: 0.5 + 0.5 * sin(angle))
    }
    let length = (1 / Double(max(count, 1))).squareRoot()
    let rounds = max(40, min(300, 30_000_000 / max(count * count, 1)))
    for round in 0..<rounds {
      let heat = 0.12 * (1 - Double(round) / Double(rounds)) + 0.001
      let forces = self.forces(places, network, length)
      for index in places.indices {
        let size = max(hypot(forces[index].x, forces[index].y), 1e-12)
        let step = min(size, heat) / size
        places[index].x += forces[index].x * step
        places[index].y += forces[index].y * step
      }
    }
    return places
  }

  private static func forces(
    _ places: [Place], _ network: StoredNetwork, _ length: Double
  ) -> [Place] {
    var forces = places.map { Place(x: (0.5 - $0.x) * 0.4, y: (0.5 - $0.y) * 0.4) }
    for a in places.indices {
      for b in places.indices where b > a {
        let (dx, dy) = (places[a].x - places[b].x, places[a].y - places[b].y)
        let push = length * length / max(dx * dx + dy * dy, 1e-6)
        forces[a].x += dx * push
        forces[a].y += dy * push
        forces[b].x -= dx * push
        forces[b].y -= dy * push
      }
    }
    for link in network.links where link.source != link.target {
      let (a, b) = (link.source, link.target)
      let (dx, dy) = (places[a].x - places[b].x, places[a].y - places[b].y)
      let pull = hypot(dx, dy) / length
      forces[a].x -= dx * pull
      forces[a].y -= dy * pull
      forces[b].x += dx * pull
      forces[b].y += dy * pull
    }
    return forces
  }
}
