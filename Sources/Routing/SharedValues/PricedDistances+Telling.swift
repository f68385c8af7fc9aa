import Networks
import PacketSimulation

// What routers tell each other, and when.
extension PricedDistances {
  /// A router that lost packets on a link, or got one through again, tells all: one byte over every
  /// link, passed on.
  mutating func spreadNews(from router: Int, tick: Int, in world: PacketWorld) {
    let network = tables.network
    news.start(at: router, tick: tick, network: network, ages: ages) { arc in
      world.isUp(replica: 0, link: LinkID(network.links[arc]))
    }
    controlBytes += network.arcCount
  }

  /// What these routers learned long ago may no longer hold.
  mutating func takeUp(_ routers: [Int]) {
    for router in routers {
      queues.recall(router, packets: Self.recalled.packets)
      tables.prices.recall(router, updates: Self.recalled.updates)
      pace.alert(router)
    }
  }

  /// Prices, and what queues cost where it has changed.
  mutating func announce(tick: Int) {
    updatePrices(tick: tick)
    announceQueues(tick: tick)
    noticePrices(tick: tick)
  }

  private mutating func updatePrices(tick: Int) {
    guard let heard else { return tables.prices.update(ticks: ToldQueues.interval) }
    tables.prices.update(ticks: ToldQueues.interval) {
      heard.loadUpstream(arc: $0, tick: tick)
    }
  }

  /// Prices that changed much since a router heard them last make it work out its values sooner.
  private mutating func noticePrices(tick: Int) {
    let network = tables.network
    for arc in seenPrices.indices {
      let price =
        heard?.price(arc: arc, tick: tick + 1) ?? tables.prices.prices[network.targets[arc]]
      let router = network.sources[arc]
      pace.notice(router, change: abs(price - seenPrices[arc]) / meanValues[router])
      seenPrices[arc] = price
    }
  }

  mutating func announceQueues(tick: Int) {
    suspicion.fade(&tables.lossShare, ticks: ToldQueues.interval)
    let perArc = tables.prices.correction == nil ? 1 : 2  // the price, and with a network the load
    controlBytes += perArc * ControlMessage.number * tables.network.arcCount
    controlBytes += queues.announce(&tables.queues)
    heard?.announce(tables.queues, tables.prices, tick: tick)
  }

  /// Routers whose time has come work out their values from those that they know, then tell them.
  mutating func exchange(tick: Int) {
    drafts.removeAll(keepingCapacity: true)
    drafted.removeAll(keepingCapacity: true)
    for router in 0..<tables.network.routerCount {
      let (isDue, byClock) = pace.pass(router)
      guard isDue else { continue }
      let start = drafts.count
      let (largest, share) = draft(router, tick: tick)
      if byClock || largest > temperature {
        drafted.append((router, share))
      } else {
        drafts.removeSubrange(start...)
      }
    }
    var start = 0
    for (router, change) in drafted {
      let places = tables.vectors.first[router]..<tables.vectors.first[router + 1]
      tables.values.replaceSubrange(places, with: drafts[start..<start + places.count])
      start += places.count
      tell(router, change: change, tick: tick)
    }
  }

  /// Appends a router's values, from what it knows, to `drafts`.
  ///
  /// - Returns: the largest change, in ticks, and the mean change as a share of the mean value.
  private mutating func draft(_ router: Int, tick: Int) -> (largest: Float, share: Float) {
    var (largest, change, total): (Float, Float, Float) = (0, 0, 1)
    for place in tables.vectors.first[router]..<tables.vectors.first[router + 1] {
      let destination = Int(tables.vectors.destinations[place])
      guard destination != router else {
        drafts.append(tables.values[place])
        continue
      }
      let value = tables.meanValue(
        router: router, destination: destination, tick: tick, heard: heard, &scratch)
      let difference = abs(value - tables.values[place])
      largest = max(largest, difference)
      change += difference
      if value < tables.infinity { total += value }
      drafts.append(value)
    }
    let places = tables.vectors.first[router + 1] - tables.vectors.first[router]
    meanValues[router] = max(1, total / Float(places))
    return (largest, change / total)
  }

  private mutating func tell(_ router: Int, change: Float, tick: Int) {
    let count = tables.vectors.first[router + 1] - tables.vectors.first[router]
    controlBytes += ControlMessage.number * count * listeners[router].count
    pace.told(router, change: change)
    if heard == nil {
      for listener in listeners[router] { pace.hear(listener, change: change) }
    } else {
      heard?.tell(router: router, tables.values, change: change, tick: tick)
    }
  }
}
