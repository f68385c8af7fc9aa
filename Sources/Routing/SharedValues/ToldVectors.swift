import Networks
import PacketSimulation

/// Vectors of values that routers tell their neighbours, as each neighbour knows them: as old as what
/// comes over its link.
///
/// Kept are the vectors that somebody still goes by or that are under way, and no others. Where all is
/// read at once there is nothing to keep: a learner then reads its table of what was told last.
///
/// ```swift
/// told.tell(router: j, values, tick: tick)          // at the end of a tick
/// told.deliver(tick: tick)                          // at the end of every tick, after all have told
/// let seen = told.value(arc: arcFromIToJ, place: place)   // at the decisions of the next ticks
/// ```
///
/// ## No loops, whatever is under way
/// `least(place)` is the lowest value of a router that some neighbour still goes by or will go by. A
/// router that sends only to neighbours whose known value is below its own *least* one sends no packet
/// in a circle: what it knows of j is at least j's least value, so that least values fall at every step.
/// A real router knows how long a vector takes, or waits to have it acknowledged.
///
/// - Source: Vutukury, Garcia-Luna-Aceves (1999), *A simple approximation to minimum-delay routing*,
///   SIGCOMM, section 3.1 (loop-free invariant conditions); the feasibility condition of DUAL and EIGRP.
/// - Shapes: values of a router at `first[router] ..< first[router + 1]`, once per slot of the store.
/// - Verified: `ToldVectorsTests`.
package struct ToldVectors: Sendable {
  private struct Message: Sendable {
    var arc: Int32
    var slot: Int32
    var change: Float
  }
  private let first: [Int]
  private let targets: [Int]
  private let incoming: [[Int]]
  /// Ticks that what comes over an arc is old.
  private let ages: [Int]
  private var slots: [Float]
  /// Who goes by a vector or will: `[slot * routers + router]`, one for the router itself.
  private var uses: [Int32]
  /// By router: the slot of what it told last.
  private var newest: [Int]
  /// By arc: the slot that its source knows of its target.
  private var known: [Int]
  private var leastValues: [Float]
  /// What is under way, by the tick at whose decisions it is known.
  private var due: [[Message]]

  private var count: Int { first.last ?? 0 }
  private var routerCount: Int { first.count - 1 }

  /// - Parameters:
  ///   - first: where the values of each router begin; routers + 1 of them.
  ///   - targets: the target of each arc; its source hears of it.
  ///   - ages: ticks by arc.
  package init(first: [Int], targets: [Int], ages: [Int]) {
    self.first = first
    self.targets = targets
    self.ages = ages
    let n = first.count - 1
    var incoming = [[Int]](repeating: [], count: n)
    for (arc, target) in targets.enumerated() { incoming[target].append(arc) }
    self.incoming = incoming
    slots = [Float](repeating: 0, count: first.last ?? 0)
    uses = [Int32](repeating: 1, count: n)
    newest = [Int](repeating: 0, count: n)
    known = [Int](repeating: 0, count: targets.count)
    leastValues = slots
    due = [[Message]](repeating: [], count: (ages.max() ?? 0) + 1)
  }

  /// All that was told before is known to all.
  package mutating func begin(_ values: [Float]) {
    slots.replaceSubrange(0..<count, with: values)
    leastValues = values
    for index in uses.indices { uses[index] = 0 }
    for router in newest.indices {
      newest[router] = 0
      uses[router] = Int32(1 + incoming[router].count)
    }
    for arc in known.indices { known[arc] = 0 }
    for index in due.indices { due[index].removeAll(keepingCapacity: true) }
  }

  /// What the source of an arc knows of its target.
  @inline(__always)
  package func value(arc: Int, place: Int) -> Float { slots[known[arc] * count + place] }

  /// The least value at a place of a router that anybody still goes by.
  @inline(__always)
  package func least(_ place: Int) -> Float { leastValues[place] }

  /// A router tells its whole vector at the end of a tick.
  ///
  /// - Parameters:
  ///   - values: of all routers; only the router's own are read.
  ///   - change: how much they changed, for the listeners' clocks.
  package mutating func tell(router: Int, _ values: [Float], change: Float = 0, tick: Int) {
    let slot = freeSlot(router)
    let (start, end) = (first[router], first[router + 1])
    slots.replaceSubrange(slot * count + start..<slot * count + end, with: values[start..<end])
    uses[newest[router] * routerCount + router] -= 1
    newest[router] = slot
    uses[slot * routerCount + router] = Int32(1 + incoming[router].count)
    for arc in incoming[router] {
      due[(tick + 1 + ages[arc]) % due.count].append(
        Message(arc: Int32(arc), slot: Int32(slot), change: change))
    }
    setLeast(router)
  }

  /// Takes up what arrives by the decisions after a tick.
  ///
  /// - Returns: the arcs whose sources heard something, and by how much it changed.
  @discardableResult
  package mutating func deliver(tick: Int) -> [(arc: Int, change: Float)] {
    let index = (tick + 1) % due.count
    guard !due[index].isEmpty else { return [] }
    let messages = due[index]
    due[index].removeAll(keepingCapacity: true)
    for message in messages {
      let arc = Int(message.arc)
      let router = targets[arc]
      let old = known[arc] * routerCount + router
      known[arc] = Int(message.slot)
      uses[old] -= 1
      if uses[old] == 0 { setLeast(router) }
    }
    return messages.map { (Int($0.arc), $0.change) }
  }

  /// A slot where nobody goes by what stands there.
  private mutating func freeSlot(_ router: Int) -> Int {
    var slot = 0
    while slot * routerCount < uses.count {
      if uses[slot * routerCount + router] == 0 { return slot }
      slot += 1
    }
    slots.append(contentsOf: repeatElement(0, count: count))
    uses.append(contentsOf: repeatElement(0, count: routerCount))
    return slot
  }

  private mutating func setLeast(_ router: Int) {
    var isFirst = true
    for slot in 0..<uses.count / routerCount where uses[slot * routerCount + router] > 0 {
      for place in first[router]..<first[router + 1] {
        let value = slots[slot * count + place]
        leastValues[place] = isFirst ? value : min(leastValues[place], value)
      }
      isFirst = false
    }
  }
}
