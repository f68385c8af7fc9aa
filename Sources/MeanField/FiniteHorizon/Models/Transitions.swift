/// How the states of one population move.
public enum TransitionModel<Scalar: FlowScalar>: Sendable {
  /// The same sparse table at every step.
  case fixed(SparseTransitions<Scalar>)
  /// One sparse table for each step 0…lastStep − 1.
  case perStep([SparseTransitions<Scalar>])
  /// A deterministic move by the action, then noise that does not depend on it: the table of
  /// states × actions × noise outcomes is never formed.
  case moveThenNoise(MoveThenNoise<Scalar>)
  /// Rows that depend on the mean field, written anew for each step.
  case meanField(MeanFieldTransitions<Scalar>)
}

/// A sparse transition table: for each (state, action) the reachable states and their
/// probabilities.
///
/// - Shapes: row (s, a) is number `a * stateCount + s`; its entries are
///   `offsets[row]..<offsets[row + 1]` of `next` and `probabilities`, ordered by next state.
public struct SparseTransitions<Scalar: FlowScalar>: Sendable {
  public let stateCount: Int
  public let actionCount: Int
  /// The number of states that rows lead to; differs from `stateCount` only inside
  /// `MoveThenNoise`.
  package let targetCount: Int
  public let offsets: [Int32]
  public let next: [Int32]
  public let probabilities: [Scalar]

  /// Builds a table from a closure; outcomes that name the same next state are added up, and those
  /// of probability zero are dropped.
  public init(
    states: Int, actions: Int, row: (_ state: Int, _ action: Int) -> [(next: Int, Double)]
  ) {
    self.init(states: states, actions: actions, targets: states, row: row)
  }

  package init(
    states: Int, actions: Int, targets: Int,
    row: (_ state: Int, _ action: Int) -> [(next: Int, Double)]
  ) {
    stateCount = states
    targetCount = targets
    actionCount = actions
    var offsets: [Int32] = [0]
    var next: [Int32] = []
    var probabilities: [Scalar] = []
    offsets.reserveCapacity(states * actions + 1)
    next.reserveCapacity(states * actions)
    probabilities.reserveCapacity(states * actions)
    for action in 0..<actions {
      for state in 0..<states {
        for (target, probability) in Self.merged(row(state, action)) {
          precondition(
            (0..<targets).contains(target), "a transition leads to state \(target) of \(targets)")
          next.append(Int32(target))
          probabilities.append(Scalar(probability))
        }
        offsets.append(Int32(next.count))
      }
    }
    self.offsets = offsets
    self.next = next
    self.probabilities = probabilities
  }

  private static func merged(_ outcomes: [(next: Int, Double)]) -> [(Int, Double)] {
    if outcomes.count == 1 { return outcomes.map { ($0.next, $0.1) } }
    var result: [(Int, Double)] = []
    for (target, probability) in outcomes.sorted(by: { $0.next < $1.next }) where probability != 0 {
      if let last = result.last, last.0 == target {
        result[result.count - 1].1 += probability
      } else {
        result.append((target, probability))
      }
    }
    return result
  }

  /// The number of stored outcomes: what one sweep costs.
  public var entryCount: Int { next.count }
}

/// The action moves the state deterministically to an intermediate one, then noise moves it on.
///
/// Intermediate states may be more than the states: a grid that clamps only after the noise moves
/// to a grid with a margin first.
///
/// - Shapes: `moves[action * stateCount + s]`, `outcomes[e * intermediateCount + i]`.
public struct MoveThenNoise<Scalar: FlowScalar>: Sendable {
  public let stateCount: Int
  public let actionCount: Int
  public let intermediateCount: Int
  public let moves: [Int32]
  public let outcomes: [Int32]
  public let probabilities: [Scalar]

  public init(
    states: Int, actions: Int, intermediates: Int? = nil, noiseProbabilities: [Double],
    move: (_ state: Int, _ action: Int) -> Int,
    noise: (_ intermediate: Int, _ outcome: Int) -> Int
  ) {
    stateCount = states
    actionCount = actions
    intermediateCount = intermediates ?? states
    probabilities = noiseProbabilities.map { Scalar($0) }
    moves = Self.table(rows: actions, states, to: intermediateCount, move)
    outcomes = Self.table(rows: noiseProbabilities.count, intermediateCount, to: states, noise)
  }

  private static func table(
    rows: Int, _ sources: Int, to targets: Int, _ target: (Int, Int) -> Int
  ) -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(rows * sources)
    for row in 0..<rows {
      for source in 0..<sources {
        let next = target(source, row)
        precondition((0..<targets).contains(next), "a move leads to state \(next) of \(targets)")
        result.append(Int32(next))
      }
    }
    return result
  }
}

/// Transition rows that depend on the mean field: a fixed number of outcomes a row, written for
/// one step at a time.
public struct MeanFieldTransitions<Scalar: FlowScalar>: Sendable {
  /// Outcomes of each row; unused ones get probability zero.
  public let outcomesPerRow: Int
  public let fill:
    @Sendable (
      _ step: Int, _ meanField: StepMeanField<Scalar>, _ rows: TransitionWriter<Scalar>
    ) -> Void

  public init(
    outcomesPerRow: Int,
    fill:
      @escaping @Sendable (
        _ step: Int, _ meanField: StepMeanField<Scalar>, _ rows: TransitionWriter<Scalar>
      ) -> Void
  ) {
    precondition(outcomesPerRow > 0, "a row needs at least one outcome")
    self.outcomesPerRow = outcomesPerRow
    self.fill = fill
  }
}

/// Where a game writes transition rows that depend on the mean field.
public struct TransitionWriter<Scalar: FlowScalar> {
  /// Entry (slot, state, action) is at `slot * slotStride + action * stateCount + state`.
  public let next: UnsafeMutablePointer<Int32>
  public let probabilities: UnsafeMutablePointer<Scalar>
  public let stateCount: Int
  public let slotStride: Int

  package init(
    next: UnsafeMutablePointer<Int32>, probabilities: UnsafeMutablePointer<Scalar>,
    stateCount: Int, slotStride: Int
  ) {
    self.next = next
    self.probabilities = probabilities
    self.stateCount = stateCount
    self.slotStride = slotStride
  }

  /// Sets one outcome of one row.
  @inlinable
  public func set(
    state: Int, action: Int, slot: Int, next target: Int, probability: Scalar
  ) {
    let entry = slot * slotStride + action * stateCount + state
    next[entry] = Int32(truncatingIfNeeded: target)
    probabilities[entry] = probability
  }
}
