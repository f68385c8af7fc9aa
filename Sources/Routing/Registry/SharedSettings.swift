/// Settings that every learner has that prices queues and notices dead links by losses: the fields are
/// described once, here, and mean the same in all of them.
///
/// Defaults are each configuration's own.
protocol QueuePricingConfiguration: AlgorithmConfiguration {
  /// 0: every packet for itself; 1: what it makes others wait counts in full.
  var priceWeight: Double { get set }
  /// Step of the estimated wait and price of a queue.
  var queueRate: Double { get set }
  /// How strongly decisions follow queue lengths: logits per tick of cost.
  var queueResponse: Double { get set }
  /// Ticks counted for a lost packet; 0 means the horizon.
  var lossPenalty: Double { get set }
  /// Step of the estimated share of losses per link.
  var lossRate: Double { get set }
  /// Ticks in which the suspicion of an unused link falls by a factor e.
  var lossMemory: Double { get set }
}

extension QueuePricingConfiguration {
  static var queueFields: [ConfigurationField<Self>] {
    [
      .number("priceWeight", \.priceWeight, 0...1, "0 selfish, 1 for the good of all."),
      .number("queueRate", \.queueRate, 0...1, "Step of the estimated wait and price of a queue."),
      .number(
        "queueResponse", \.queueResponse, 0...10,
        "How strongly decisions follow queue lengths: logits per tick of cost."),
    ]
  }

  static var lossFields: [ConfigurationField<Self>] {
    [
      .number(
        "lossPenalty", \.lossPenalty, 0...1_000_000,
        "Ticks counted for a lost packet; 0 means the horizon."),
      .number("lossRate", \.lossRate, 0...1, "Step of the estimated share of losses per link."),
      .number(
        "lossMemory", \.lossMemory, 50...1_000_000,
        "Ticks in which the suspicion of an unused link falls by a factor e."),
    ]
  }
}

extension ConfigurationField {
  /// For learners that may see whether their own links are up.
  static func mask(_ path: WritableKeyPath<Root, Bool>) -> ConfigurationField {
    .flag("masksDeadLinks", path, "Take own dead links out of the choice.")
  }

  /// For learners whose prices come from counted loads (`RouterPrices`).
  static func loadWindow(_ path: WritableKeyPath<Root, Double>) -> ConfigurationField {
    .number("loadWindow", path, 50...10_000_000, "Ticks that a router's load is averaged over.")
  }
}
