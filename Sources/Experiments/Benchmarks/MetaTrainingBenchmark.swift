import Learning
import Networks
import PacketSimulation
import Randomness
import Routing

/// The work of measuring how fast MAMRL trains: some iterations, with their operations counted, and a
/// bare matrix product on the same threads, as the measure of what the machine can do. The caller
/// holds the clock.
package struct MetaTrainingBenchmark: Sendable {
  package let scenario: Scenario
  package let settings: MAMRLConfiguration
  package let threads: Int

  package init(scenario: Scenario, settings: MAMRLConfiguration, threads: Int) {
    self.scenario = scenario
    self.settings = settings
    self.threads = threads
  }

  /// A trainer at its start.
  package func trainer(seed: UInt64) -> MetaTrainer {
    MetaTrainer(
      scenario: scenario, settings: settings, seeds: SeedTree(root: seed).child("training"),
      threads: threads)
  }

  /// Plays iterations and returns the operations counted, in units of 1e9.
  package func iterate(_ trainer: inout MetaTrainer, _ count: Int) -> Double {
    (0..<count).reduce(0) { sum, _ in sum + trainer.iterate().gigaOperations }
  }

  /// Rows of the bare product: those that a piece of a batch has.
  static let rows = 480
  static let width = 128

  /// Products of 480 × 128 by 128 × 128 on every thread; returns the operations, in units of 1e9.
  package func products(_ count: Int) throws -> Double {
    let (rows, width) = (Self.rows, Self.width)
    let sums = try ParallelMap(threads: threads, label: "products").map(count: threads) { thread in
      let a = [Float](repeating: 0.5 + Float(thread), count: rows * width)
      let b = [Float](repeating: 0.25, count: width * width)
      var c = [Float](repeating: 0, count: rows * width)
      for _ in 0..<count {
        Float.product(
          .best, rows: rows, columns: width, depth: width, a, width, 1, b, 0, width, 1,
          biasOffset: nil, flags: 0, &c, 0, width)
      }
      return Double(c[0])
    }
    // The sums keep the products from being optimised away.
    let work = 2 * Double(rows * width * width) * Double(count * threads) / 1e9
    return sums.allSatisfy(\.isFinite) ? work : 0
  }
}
