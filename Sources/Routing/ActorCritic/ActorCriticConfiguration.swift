import Networks

/// Settings of `actor-critic` and `social-actor-critic`.
///
/// Defaults are measured on B4, Geant and ATT at .6 to 1.2 of capacity
/// (`Documentation/RoutingResults.md`); one setting serves all networks and loads.
public struct ActorCriticConfiguration: QueuePricingConfiguration {
  /// Weight of the social price in a decision's cost, 0…1: 0 selfish, 1 (default) for the good of
  /// all.
  public var priceWeight = 1.0
  /// Decisions per router and destination over which preferences average, in the long run: the step
  /// of the n-th is `stepVisits / n`, .01…10,000; default 10.
  public var stepVisits = 10.0
  /// No step is larger, 0…1; default .2.
  public var highestStep = 0.2
  /// No step is smaller, 0…1; default .0003: routers go on learning for ever.
  public var lowestStep = 0.0003
  /// Weight of the entropy (temperature of the learned split), in ticks, .001…100; default .3.
  public var temperature = 0.3
  /// Step of a value towards what follows from the neighbours' values and the mean queues, 0…1;
  /// default 1. With less, values lag behind one another where a price moves.
  public var criticRate = 1.0
  /// Step of the estimated wait and price of a queue, 0…1; default .002.
  public var queueRate = 0.002
  /// How strongly a decision follows the queues seen at the moment: logits per tick of cost, 0
  /// (blind)…10; default .7.
  public var queueResponse = 0.7
  /// Whether packets that the router itself sent lately, which a queue length does not show yet, are
  /// added to it; default `true`.
  public var countsRecentSends = true
  /// Whether neighbours add to the queue that they tell the packets that others told them to be under
  /// way; default `true`. It changes nothing where news is as slow as packets.
  public var countsOthersSends = true
  /// Whether neighbours that send a quarter or more of the packets for a destination back here are
  /// left out; default `true`.
  public var avoidsReturns = true
  /// Ticks counted for a lost packet, 0…1,000,000; default 0, which means the horizon.
  public var lossPenalty = 0.0
  /// Step of the estimated share of losses per link, 0…1; default .5: after two losses in a row a
  /// link is held to be dead.
  public var lossRate = 0.5
  /// Ticks in which the suspicion of an unused link falls by a factor e, 50…1,000,000; default 1500:
  /// a dead link is tried again about once in 500 ticks.
  public var lossMemory = 1500.0
  /// When a link dies or comes back: decisions per router and destination that still count,
  /// 1…1,000,000; default 50.
  public var recallVisits = 50.0
  /// The same for packets in a router's price, 1…1,000,000; default 200.
  public var recallPackets = 200.0
  /// Whether values start as the latencies of the shortest paths, as a distance-vector protocol tells
  /// them; otherwise as zero, and routers learn distances too; default `true`.
  public var startsWithDistances = true
  /// Whether a router takes its own dead links out of the choice; default `false`.
  public var masksDeadLinks = false

  public init() {}

  /// Each packet for itself, by averages only: no price, no look at queues.
  public static var selfish: ActorCriticConfiguration {
    var configuration = ActorCriticConfiguration()
    configuration.priceWeight = 0
    configuration.queueResponse = 0
    return configuration
  }

  public static var fields: [ConfigurationField<Self>] {
    queueFields + lossFields + [
      .number(
        "stepVisits", \.stepVisits, 0.01...10_000,
        "Decisions per router and destination over which preferences average."),
      .number("highestStep", \.highestStep, 0...1, "The largest share of the way to new costs."),
      .number("lowestStep", \.lowestStep, 0...1, "The smallest share of the way to new costs."),
      .number("temperature", \.temperature, 0.001...100, "Weight of the entropy, in ticks."),
      .number("criticRate", \.criticRate, 0...1, "Step of a value towards what neighbours tell."),
      .flag(
        "countsRecentSends", \.countsRecentSends,
        "Add own packets sent lately, which a queue length does not show yet, to it."),
      .flag(
        "countsOthersSends", \.countsOthersSends,
        "Add packets under way from others, as the neighbour was told, to its queue length."),
      .flag(
        "avoidsReturns", \.avoidsReturns,
        "Leave out neighbours that send packets for the destination back here."),
      .number(
        "recallVisits", \.recallVisits, 1...1_000_000,
        "Decisions per destination that still count when a link dies or comes back."),
      .number(
        "recallPackets", \.recallPackets, 1...1_000_000,
        "Packets that still count in a router's price when a link dies or comes back."),
      .flag(
        "startsWithDistances", \.startsWithDistances,
        "Start with the latencies of the shortest paths as values; otherwise with zero."),
      .mask(\.masksDeadLinks),
    ]
  }
}
