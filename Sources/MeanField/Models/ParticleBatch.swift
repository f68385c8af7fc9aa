import CKernels
import Randomness

/// Independent copies of one agent, advanced together: the unit of work of sampled evaluation.
///
/// - Shapes: one entry a particle; rewards are single precision (their discounted sums are not).
public struct ParticleBatch: Sendable {
  public var states: [Int32]
  /// Filled in by the policy.
  public var actions: [Int32]
  /// Filled in by the model.
  public var rewards: [Float]
  /// 32 fresh random bits a particle, filled in by whoever drives the batch before the model is
  /// asked: so two batches can be given the same ones (common random numbers).
  public var words: [UInt32]

  public init(count: Int) {
    states = [Int32](repeating: 0, count: count)
    actions = states
    rewards = [Float](repeating: 0, count: count)
    words = [UInt32](repeating: 0, count: count)
  }

  public var count: Int { states.count }

  /// The share of particles in each state.
  public func histogram(stateCount: Int) -> [Double] {
    var counts = [Int](repeating: 0, count: stateCount)
    for state in states { counts[Int(state)] += 1 }
    let scale = 1 / Double(max(1, count))
    return counts.map { Double($0) * scale }
  }

  /// Takes over another batch's random words, in place.
  mutating func copyWords(from words: [UInt32]) {
    self.words.withUnsafeMutableBufferPointer { target in
      words.withUnsafeBufferPointer { source in
        for index in 0..<min(target.count, source.count) { target[index] = source[index] }
      }
    }
  }

  /// The sum of all rewards, in sixteen partial sums, so that the order is fixed.
  public var totalReward: Double { wf_sum_f32(count, rewards) }

  /// Draws all states from a distribution, by inversion; one word a particle.
  public mutating func drawStates(_ distribution: [Double], using lanes: inout RandomLanes) {
    lanes.fill(&words)
    var cumulative: [Double] = []
    var sum = 0.0
    for share in distribution {
      sum += share
      cumulative.append(sum)
    }
    let lastPositive = distribution.lastIndex { $0 > 0 } ?? 0
    for index in states.indices {
      // (word + ½) / 2³² is never 0 or 1, so no state of weight zero can be chosen.
      let target = (Double(words[index]) + 0.5) * 0x1p-32 * sum
      var low = 0
      var high = lastPositive
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] <= target { low = middle + 1 } else { high = middle }
      }
      states[index] = Int32(low)
    }
  }
}

/// An agent-level simulator that can advance a whole batch of particles at once.
public protocol BatchSimulator: AgentSimulator {
  /// Replaces every particle's state by the next one and fills in its reward, given its action and
  /// its random word; all particles face the same law.
  func advance(_ batch: inout ParticleBatch, law: PopulationLaw)
}

/// Any agent-level simulator as a batch simulator: particle by particle.
public struct OneByOne<Model: AgentSimulator>: BatchSimulator {
  public let model: Model

  public init(_ model: Model) { self.model = model }

  public var stateCount: Int { model.stateCount }
  public var actionCount: Int { model.actionCount }
  public var discount: Double { model.discount }
  public var initialDistribution: [Double] { model.initialDistribution }
  public var transitionsDependOnLaw: Bool { model.transitionsDependOnLaw }

  public func sample(
    state: Int, action: Int, law: PopulationLaw, using stream: inout RandomStream
  ) -> (state: Int, reward: Double) {
    model.sample(state: state, action: action, law: law, using: &stream)
  }

  public func advance(_ batch: inout ParticleBatch, law: PopulationLaw) {
    for index in 0..<batch.count {
      // A stream of its own for each draw, so that no particle moves another's numbers.
      var stream = RandomStream(seed: UInt64(batch.words[index]))
      let (next, reward) = model.sample(
        state: Int(batch.states[index]), action: Int(batch.actions[index]), law: law,
        using: &stream)
      batch.states[index] = Int32(next)
      batch.rewards[index] = Float(reward)
    }
  }
}
