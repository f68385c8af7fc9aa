import Networks
import PacketSimulation

/// Settings of `delay-optimal-split` and `lp-split`.
public struct SplitConfiguration: AlgorithmConfiguration {
  /// Whether the split is computed anew for the links that are up; default `false`: never told of
  /// failures.
  public var recompute = false
  /// Ticks from a failure or repair to the new split; 0…1,000,000; default 0, at once.
  public var delay = 0

  public init() {}

  /// Told at once of every failure and repair.
  public static var recomputed: SplitConfiguration {
    var configuration = SplitConfiguration()
    configuration.recompute = true
    return configuration
  }

  public static var fields: [ConfigurationField<Self>] {
    [
      .flag("recompute", \.recompute, "Compute the split anew after each failure and repair."),
      .integer(
        "delay", \.delay, 0...1_000_000, "Ticks from a failure or repair until the new split."),
    ]
  }
}

extension FailureAwareTables where Table == CompiledSplit {
  /// Decides by the intact split, or by the one for the links that are known to be up.
  func decide(_ batch: DecisionBatch, in world: PacketWorld, _ configuration: SplitConfiguration) {
    guard configuration.recompute else {
      return table(down: []).decide(batch, 0..<batch.count)
    }
    forEachReplica(batch, in: world, delay: configuration.delay) { split, range in
      split.decide(batch, range)
    }
  }
}
