import Networks

extension TrafficMatrix {
  /// Checks that every pair with demand is connected on the intact network: a packet that can never
  /// arrive would be counted as a delay of the algorithm.
  ///
  /// - Throws: `InputError` naming the first pair without a path.
  func requirePaths(in topology: Topology) throws(InputError) {
    for source in topology.routerIDs {
      let reached = topology.reachable(from: source)
      guard
        let cut = topology.routerIDs.first(where: {
          !reached[$0.index] && demand(source, $0) > 0
        })
      else { continue }
      throw InputError(
        file: topology.name, field: "demand",
        value: "\(topology.routers[source.index].name) to \(topology.routers[cut.index].name)",
        expected: "there is no path between them (the network has "
          + "\(topology.componentCount()) components)")
    }
  }
}

extension Topology {
  /// Which routers a packet can get to, following the direction of links.
  fileprivate func reachable(from source: RouterID) -> [Bool] {
    var reached = [Bool](repeating: false, count: routerCount)
    reached[source.index] = true
    var open = [source]
    while let router = open.popLast() {
      for arc in outgoing(router) where !reached[arc.target.index] {
        reached[arc.target.index] = true
        open.append(arc.target)
      }
    }
    return reached
  }
}
