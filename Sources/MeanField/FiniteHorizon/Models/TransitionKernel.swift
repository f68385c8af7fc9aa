/// The transitions of one population in the forms that sweeps need: rows for the backward sweep,
/// columns for the forward sweep. Both pull, so no two threads ever write to one number and the
/// order of every sum is fixed.
package enum TransitionKernel<Scalar: FlowScalar>: Sendable {
  /// One entry for each step, or a single one that serves all.
  case tables([TransitionTable<Scalar>])
  case moveThenNoise(MoveThenNoiseKernel<Scalar>)
  case meanField(MeanFieldTransitions<Scalar>)

  init(_ model: TransitionModel<Scalar>, shape: PopulationShape, lastStep: Int) {
    switch model {
    case .fixed(let table):
      self = .tables([Self.checked(table, shape)])
    case .perStep(let tables):
      precondition(
        tables.count >= lastStep, "\(tables.count) tables for \(lastStep) transitions in time")
      self = .tables(tables.map { Self.checked($0, shape) })
    case .moveThenNoise(let parts):
      precondition(
        parts.stateCount == shape.stateCount && parts.actionCount == shape.actionCount,
        "transitions and population differ in size")
      self = .moveThenNoise(MoveThenNoiseKernel(parts))
    case .meanField(let rows):
      self = .meanField(rows)
    }
  }

  private static func checked(
    _ table: SparseTransitions<Scalar>, _ shape: PopulationShape
  ) -> TransitionTable<Scalar> {
    precondition(
      table.stateCount == shape.stateCount && table.actionCount == shape.actionCount
        && table.targetCount == shape.stateCount,
      "transitions and population differ in size")
    return TransitionTable(table)
  }

  func entriesPerSweep(_ lastStep: Int) -> Int {
    switch self {
    case .tables(let tables):
      tables.count == 1
        ? tables[0].entryCount * lastStep
        : tables.prefix(lastStep).reduce(0) { $0 + $1.entryCount }
    case .moveThenNoise(let parts): parts.entryCount * lastStep
    case .meanField: 0
    }
  }
}

/// A fixed table with its transpose.
package struct TransitionTable<Scalar: FlowScalar>: Sendable {
  let stateCount: Int
  let targetCount: Int
  let pairCount: Int
  /// Outcomes of a row when all rows have (nearly) the same number; 0 where the rows are ragged.
  let width: Int
  /// All probabilities are one.
  let isDeterministic: Bool
  let offsets: [Int32]
  /// Slots apart by `pairCount` where `width > 0`, else row after row.
  let next: [Int32]
  let probabilities: [Scalar]
  let columnOffsets: [Int32]
  let columnPairs: [Int32]
  let columnProbabilities: [Scalar]
  let entryCount: Int

  init(_ table: SparseTransitions<Scalar>) {
    stateCount = table.stateCount
    targetCount = table.targetCount
    pairCount = table.stateCount * table.actionCount
    entryCount = table.entryCount
    offsets = table.offsets
    isDeterministic =
      table.entryCount == pairCount && table.probabilities.allSatisfy { $0 == 1 }
    var longest = 0
    for row in 0..<pairCount {
      longest = max(longest, Int(table.offsets[row + 1] - table.offsets[row]))
    }
    // Padding up to a third is cheaper than ragged rows.
    let isUniform = longest > 0 && longest * pairCount * 3 <= table.entryCount * 4
    width = isUniform ? longest : 0
    (next, probabilities) =
      isUniform ? Self.padded(table, pairCount, longest) : (table.next, table.probabilities)
    (columnOffsets, columnPairs, columnProbabilities) = Self.transposed(table, pairCount)
  }

  private static func padded(
    _ table: SparseTransitions<Scalar>, _ pairs: Int, _ width: Int
  ) -> ([Int32], [Scalar]) {
    var next = [Int32](repeating: 0, count: pairs * width)
    var probabilities = [Scalar](repeating: 0, count: pairs * width)
    for row in 0..<pairs {
      let entries = Int(table.offsets[row])..<Int(table.offsets[row + 1])
      for slot in 0..<width {
        let inside = slot < entries.count
        // Padding repeats the row's first outcome: an address that is read anyway.
        next[slot * pairs + row] =
          entries.isEmpty ? 0 : table.next[entries.lowerBound + (inside ? slot : 0)]
        probabilities[slot * pairs + row] =
          inside ? table.probabilities[entries.lowerBound + slot] : 0
      }
    }
    return (next, probabilities)
  }

  private static func transposed(
    _ table: SparseTransitions<Scalar>, _ pairs: Int
  ) -> ([Int32], [Int32], [Scalar]) {
    var offsets = [Int32](repeating: 0, count: table.targetCount + 1)
    for target in table.next { offsets[Int(target) + 1] += 1 }
    for state in 0..<table.targetCount { offsets[state + 1] += offsets[state] }
    var place = offsets
    var sources = [Int32](repeating: 0, count: table.next.count)
    var probabilities = [Scalar](repeating: 0, count: table.next.count)
    for row in 0..<pairs {
      for entry in Int(table.offsets[row])..<Int(table.offsets[row + 1]) {
        let column = Int(table.next[entry])
        let slot = Int(place[column])
        place[column] += 1
        sources[slot] = Int32(row)
        probabilities[slot] = table.probabilities[entry]
      }
    }
    return (offsets, sources, probabilities)
  }

  /// `out[row] = Σ p(row → s') values[s']` for a range of states and every action.
  func expectations(
    _ states: Range<Int>, actions: Int, of values: UnsafePointer<Scalar>,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    next.withUnsafeBufferPointer { next in
      probabilities.withUnsafeBufferPointer { probabilities in
        guard let next = next.baseAddress, let p = probabilities.baseAddress else { return }
        if width > 0 && states.count == stateCount {
          rows(0, pairCount, next, p, values, out)
        } else {
          for action in 0..<actions {
            rows(action * stateCount + states.lowerBound, states.count, next, p, values, out)
          }
        }
      }
    }
  }

  private func rows(
    _ first: Int, _ count: Int, _ next: UnsafePointer<Int32>, _ p: UnsafePointer<Scalar>,
    _ values: UnsafePointer<Scalar>, _ out: UnsafeMutablePointer<Scalar>
  ) {
    if isDeterministic && width == 1 {
      Scalar.gather(count, next + first, values, out + first)
    } else if width > 0 {
      Scalar.rows(count, width, pairCount, next + first, p + first, values, out + first)
    } else {
      offsets.withUnsafeBufferPointer { offsets in
        guard let start = offsets.baseAddress else { return }
        Scalar.sparseRows(count, start + first, next, p, values, out + first)
      }
    }
  }

  /// `out[s'] = Σ p(row → s') mass[row]` for a range of next states.
  func arrivals(
    _ states: Range<Int>, mass: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) {
    columnOffsets.withUnsafeBufferPointer { offsets in
      columnPairs.withUnsafeBufferPointer { pairs in
        columnProbabilities.withUnsafeBufferPointer { p in
          guard let offsets = offsets.baseAddress, let pairs = pairs.baseAddress,
            let p = p.baseAddress
          else { return }
          Scalar.sparseRows(
            states.count, offsets + states.lowerBound, pairs, isDeterministic ? nil : p, mass,
            out + states.lowerBound)
        }
      }
    }
  }
}

/// A deterministic move, then noise, each with its transpose.
package struct MoveThenNoiseKernel<Scalar: FlowScalar>: Sendable {
  let moves: TransitionTable<Scalar>
  let noise: TransitionTable<Scalar>
  let intermediateCount: Int

  init(_ parts: MoveThenNoise<Scalar>) {
    let states = parts.stateCount
    intermediateCount = parts.intermediateCount
    moves = TransitionTable(
      SparseTransitions(
        states: states, actions: parts.actionCount, targets: parts.intermediateCount
      ) { state, action in [(Int(parts.moves[action * states + state]), 1)] })
    noise = TransitionTable(
      SparseTransitions(states: parts.intermediateCount, actions: 1, targets: states) { place, _ in
        parts.probabilities.indices.map { outcome in
          (
            Int(parts.outcomes[outcome * parts.intermediateCount + place]),
            Double(parts.probabilities[outcome])
          )
        }
      })
  }

  var entryCount: Int { moves.entryCount + noise.entryCount }
}
