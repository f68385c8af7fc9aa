import Learning
import Networks
import PacketSimulation
import Randomness
import Routing

/// A source with two routes to a sink: 0–1–3 and 0–2–3, latencies 1 and 1.
func diamond() throws -> Topology {
  try Topology(
    name: "diamond", routers: ["A", "B", "C", "D"].map { Router(name: $0) },
    links: [(0, 1), (1, 3), (0, 2), (2, 3)].map {
      Link(RouterID($0.0), RouterID($0.1), latency: 1)
    })
}

/// Everything from A to D.
func sourceToSink() throws -> TrafficMatrix {
  var values = [Double](repeating: 0, count: 16)
  values[3] = 1
  return try TrafficMatrix(routerCount: 4, values: values)
}

/// Small networks and batches, so that a test takes a moment.
func smallSettings() -> MAMRLConfiguration {
  var settings = MAMRLConfiguration()
  settings.hiddenLayers = 1
  settings.hiddenUnits = 16
  settings.episodesPerBatch = 4
  settings.fisherStride = 1
  return settings
}
