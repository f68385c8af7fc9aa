/// Settings of `neural-actor-critic`.
///
/// Defaults are measured on B4, Geant and ATT (`Documentation/RoutingAtScale.md`).
public struct NeuralActorCriticConfiguration: QueuePricingConfiguration {
  /// What a router's network is shown.
  public enum Observation: String, Codable, Hashable, Sendable, CaseIterable {
    /// The destination and the queue of every neighbour, in classes.
    case queues
    /// The paper's: the destination, the neighbour with the longest queue, the last actions.
    case paper
  }

  /// Default `queues`.
  public var observation = Observation.queues
  /// Own last actions shown, 0…100; default 10, the paper's. Only with `paper`.
  public var pastActions = 10
  /// Hidden layers of each network, 0…8; default 1.
  public var hiddenLayers = 1
  /// Units of each hidden layer, 1…4096; default 64.
  public var hiddenUnits = 64
  /// Adam's step at the start, 1e-6…1; default .005. It falls to a tenth with the episodes.
  public var learningRate = 0.005
  /// Episodes after which the step is half of the first, 1…1,000,000; default 60.
  public var annealEpisodes = 60.0
  /// Ticks between two updates of the networks, 1…10,000; default 25.
  public var updateInterval = 25
  /// Step of the running mean of values that neighbours are told, .001…1; default .1.
  public var valueRate = 0.1
  /// How far towards its goal a natural-gradient step goes, .01…1; default 1.
  public var naturalStep = 1.0
  /// Weight of the social price, 0…1; default 1.
  public var priceWeight = 1.0
  /// Weight of the entropy, in ticks, .01…100; default .3.
  public var temperature = 0.3
  /// How strongly the goal follows the queues of the moment: logits per tick of cost, 0…10;
  /// default .7.
  public var queueResponse = 0.7
  /// Ticks that a router's load is averaged over, 50…10,000,000; default 5000.
  public var loadWindow = 5000.0
  /// Step of the estimated wait and price of a queue, 0…1; default .002.
  public var queueRate = 0.002
  /// Ticks counted for a lost packet, 0…1,000,000; default 0, which means the horizon.
  public var lossPenalty = 0.0
  /// Step of the estimated share of losses per link, 0…1; default .5.
  public var lossRate = 0.5
  /// Ticks in which the suspicion of an unused link falls by a factor e, 50…1,000,000; default 1500.
  public var lossMemory = 1500.0

  public init() {}

  public static var fields: [ConfigurationField<Self>] {
    queueFields + lossFields + [
      .choice("observation", \.observation, "What a router's network is shown."),
      .integer("pastActions", \.pastActions, 0...100, "Own last actions shown, with 'paper'."),
      .integer("hiddenLayers", \.hiddenLayers, 0...8, "Hidden layers of each network."),
      .integer("hiddenUnits", \.hiddenUnits, 1...4096, "Units of each hidden layer."),
      .number("learningRate", \.learningRate, 1e-6...1, "Adam's step at the start."),
      .number(
        "annealEpisodes", \.annealEpisodes, 1...1_000_000,
        "Episodes after which the step is half of the first."),
      .integer(
        "updateInterval", \.updateInterval, 1...10_000,
        "Ticks between two updates of the networks."),
      .number(
        "valueRate", \.valueRate, 0.001...1,
        "Step of the running mean of values that neighbours are told."),
      .number(
        "naturalStep", \.naturalStep, 0.01...1,
        "How far towards its goal a natural-gradient step goes."),
      .number("temperature", \.temperature, 0.01...100, "Weight of the entropy, in ticks."),
      .loadWindow(\.loadWindow),
    ]
  }
}
