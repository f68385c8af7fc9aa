/// Settings of `priced-distances`.
///
/// Defaults are measured on Cogentco, UsCarrier and Kdl at .8 of capacity, and on B4, Geant and ATT
/// (`Documentation/RoutingAtScale.md`); one setting serves all.
public struct PricedDistancesConfiguration: QueuePricingConfiguration {
  /// Which destinations a router keeps values for.
  public enum Aggregation: String, Codable, Hashable, Sendable, CaseIterable {
    /// All.
    case none
    /// Landmarks and those near by.
    case landmarks
  }

  /// What a router's price is made from.
  public enum PriceModel: String, Codable, Hashable, Sendable, CaseIterable {
    /// Its load.
    case load
    /// Its load, corrected by a network that all routers share.
    case network
  }

  /// Default `load`.
  public var priceModel = PriceModel.load
  /// Adam's step for the shared network after each episode, 0 (frozen)…1; default .003.
  public var priceNetworkRate = 0.003
  /// Default `none`.
  public var aggregation = Aggregation.none
  /// Landmarks over the square root of the routers, .1…100; default 1. Only with `landmarks`.
  public var landmarkShare = 1.0
  /// How far around a destination routers know it, over its distance to its landmark, 1…100;
  /// default 2. Only with `landmarks`.
  public var vicinity = 2.0
  /// Weight of the social price, 0…1: 0 selfish, 1 (default) for the good of all.
  public var priceWeight = 1.0
  /// Spread of the choice between neighbours, in ticks of cost, .01…100; default .5.
  public var temperature = 0.5
  /// Ticks that a router's load is averaged over, 50…10,000,000; default 10,000.
  public var loadWindow = 10_000.0
  /// Step of the estimated wait and price of a queue, 0…1; default .002.
  public var queueRate = 0.002
  /// How strongly a decision follows the queues seen at the moment: logits per tick of cost, 0
  /// (blind)…10; default .7.
  public var queueResponse = 0.7
  /// Whether a packet is only sent to neighbours that are nearer to its destination by their own
  /// word, as long as one of them can be reached: no loops, whatever queues look like; default `true`.
  public var goesDownhill = true
  /// Whether packets sent lately, which a queue length does not show yet, are added to it; default
  /// `true`.
  public var countsRecentSends = true
  /// Ticks between two times at which a router at rest tells its neighbours its values, 1…1,000,000;
  /// default 250. While its values or its neighbours' change by more than half a percent, it does so
  /// sooner, up to 250 times as often.
  public var exchangeInterval = 250
  /// Ticks counted for a lost packet, 0…1,000,000; default 0, which means the horizon.
  public var lossPenalty = 0.0
  /// Step of the estimated share of losses per link, 0…1; default .5.
  public var lossRate = 0.5
  /// Ticks in which the suspicion of an unused link falls by a factor e, 50…1,000,000; default 1500.
  public var lossMemory = 1500.0
  /// Whether a router takes its own dead links out of the choice; default `false`.
  public var masksDeadLinks = false

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    queueFields + lossFields + [
      .choice("priceModel", \.priceModel, "What a router's price is made from."),
      .number(
        "priceNetworkRate", \.priceNetworkRate, 0...1,
        "Adam's step for the shared network after each episode."),
      .choice(
        "aggregation", \.aggregation, "Which destinations a router keeps values for."),
      .number(
        "landmarkShare", \.landmarkShare, 0.1...100,
        "Landmarks over the square root of the routers."),
      .number(
        "vicinity", \.vicinity, 1...100,
        "How far around a destination it is known, over the distance to its landmark."),
      .number(
        "temperature", \.temperature, 0.01...100,
        "Spread of the choice between neighbours, in ticks of cost."),
      .loadWindow(\.loadWindow),
      .flag("goesDownhill", \.goesDownhill, "Send only to neighbours nearer to the destination."),
      .flag(
        "countsRecentSends", \.countsRecentSends,
        "Add packets sent lately, which a queue length does not show yet, to it."),
      .integer(
        "exchangeInterval", \.exchangeInterval, 1...1_000_000,
        "Ticks between two times at which a router at rest tells its values."),
      .mask(\.masksDeadLinks),
    ]
  }
}
