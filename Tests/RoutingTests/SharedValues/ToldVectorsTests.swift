import Randomness
import Routing
import Testing

@Suite struct ToldVectorsTests {
  /// A line 0–1–2 with arcs 0→1, 1→0, 1→2, 2→1; one value a router.
  private func line(ages: [Int]) -> ToldVectors {
    var told = ToldVectors(first: [0, 1, 2, 3], targets: [1, 0, 2, 1], ages: ages)
    told.begin([10, 20, 30])
    return told
  }

  /// Told at the end of tick 4 over an arc of age 3: not known at the decisions of tick 7, known at those
  /// of 8; where the age is 0, known at those of 5.
  @Test func aValueArrivesAfterTheAgeOfTheArcAndNotBefore() {
    var told = line(ages: [3, 3, 3, 0])
    var seen: [[Float]] = []
    for tick in 0..<12 {
      seen.append([told.value(arc: 0, place: 1), told.value(arc: 3, place: 1)])
      if tick == 4 { told.tell(router: 1, [0, 21, 0], tick: tick) }
      told.deliver(tick: tick)
    }
    #expect(seen.map { $0[0] } == [20, 20, 20, 20, 20, 20, 20, 20, 21, 21, 21, 21])
    #expect(seen.map { $0[1] } == [20, 20, 20, 20, 20, 21, 21, 21, 21, 21, 21, 21])
  }

  /// Against whole copies of what everybody had told, one for the decisions of every tick.
  @Test func valuesAreAsOldAsTheArc() {
    var stream = RandomStream(seed: 9)
    let (routers, places) = (5, 3)
    let targets = (0..<12).map { _ in stream.integer(below: routers) }
    let ages = (0..<12).map { [0, 1, 2, 7, 40][$0 % 5] }
    var told = ToldVectors(
      first: (0...routers).map { $0 * places }, targets: targets, ages: ages)
    var table = [Float](repeating: 1, count: routers * places)
    for _ in 0..<2 {
      told.begin(table)
      let start = table
      var copies: [[Float]] = []
      for tick in 0..<200 {
        copies.append(table)
        for arc in targets.indices {
          let place = targets[arc] * places + stream.integer(below: places)
          let slow = tick >= ages[arc] ? copies[tick - ages[arc]] : start
          #expect(told.value(arc: arc, place: place) == slow[place])
        }
        for router in 0..<routers where stream.integer(below: 3) == 0 {
          for place in router * places..<(router + 1) * places {
            table[place] = Float(stream.uniform())
          }
          told.tell(router: router, table, tick: tick)
        }
        told.deliver(tick: tick)
      }
    }
  }

  /// Who sends only to neighbours known to be below the own least value sends nothing in a circle, at
  /// any moment; by the present own value instead of the least one there are circles.
  @Test func noCirclesWhateverIsUnderWay() {
    var stream = RandomStream(seed: 3)
    let n = 6
    let arcs = (0..<n * n).filter { $0 / n != $0 % n }
    let targets = arcs.map { $0 % n }
    var told = ToldVectors(
      first: (0...n).map { $0 }, targets: targets, ages: arcs.map { ($0 * 7) % 9 })
    var values = (0..<n).map { _ in Float(stream.uniform()) }
    told.begin(values)
    var circles = (least: 0, present: 0)
    for tick in 0..<400 {
      func leads(_ bound: (Int) -> Float) -> [[Int]] {
        var next = [[Int]](repeating: [], count: n)
        for (index, arc) in arcs.enumerated()
        where told.value(arc: index, place: arc % n) < bound(arc / n) {
          next[arc / n].append(arc % n)
        }
        return next
      }
      if hasCircle(leads { told.least($0) }) { circles.least += 1 }
      if hasCircle(leads { values[$0] }) { circles.present += 1 }
      for router in 0..<n where stream.integer(below: 4) == 0 {
        values[router] = Float(stream.uniform())
        told.tell(router: router, values, tick: tick)
      }
      told.deliver(tick: tick)
    }
    #expect(circles.least == 0)
    #expect(circles.present > 100)
  }

  /// Whether removing routers without a way on, again and again, leaves any.
  private func hasCircle(_ next: [[Int]]) -> Bool {
    var left = Set(next.indices)
    while let end = left.first(where: { router in !next[router].contains { left.contains($0) } }) {
      left.remove(end)
    }
    return !left.isEmpty
  }
}
