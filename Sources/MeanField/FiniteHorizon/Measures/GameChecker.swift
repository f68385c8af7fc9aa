import Randomness

/// The examinations behind `checkGame`.
struct GameChecker {
  private let game: PreparedGame<Double>
  private let workspace: FlowWorkspace<Double>
  private var stream: RandomStream
  private var problems: [GameProblem] = []

  init(_ game: PreparedGame<Double>, seed: UInt64) {
    self.game = game
    workspace = FlowWorkspace(game)
    stream = SeedTree(root: seed).stream("check-game")
  }

  mutating func run(samples: Int) -> [GameProblem] {
    checkInitialLaws()
    checkFixedRows()
    if problems.contains(where: { $0.severity == .error }) { return problems }
    for sample in 0...max(0, samples) {
      let policy = sample == 0 ? .uniform(game) : randomPolicy()
      let flow = PopulationFlow(game)
      workspace.forward(FlatBuffer(policy.values), into: flow)
      checkMeanFieldRows(flow)
      checkRewards(flow)
      if sample > 0 { checkSlopes(flow) }
      if sample == 1 && game.rewardsReadOwnStateOnly { checkOwnState(flow) }
      if !problems.isEmpty { break }
    }
    return problems
  }

  private mutating func report(_ severity: GameProblem.Severity, _ text: String) {
    if problems.count < 20 { problems.append(GameProblem(severity: severity, description: text)) }
  }

  private mutating func checkInitialLaws() {
    for (population, law) in game.initialLaws.enumerated() {
      if law.count != game.shapes[population].stateCount {
        report(
          .error,
          "initialLaw(of: \(population)) has \(law.count) entries for \(game.shapes[population].stateCount) states"
        )
      } else if law.contains(where: { !($0 >= 0) }) || abs(law.reduce(0, +) - 1) > 1e-9 {
        report(.error, "initialLaw(of: \(population)) is not a law: its sum is \(law.reduce(0, +))")
      }
    }
  }

  private mutating func checkFixedRows() {
    for (population, kernel) in game.kernels.enumerated() {
      switch kernel {
      case .tables(let tables):
        for (step, table) in tables.enumerated() {
          checkTable(table, game.shapes[population], "population \(population), table \(step)")
        }
      case .moveThenNoise(let parts):
        checkTable(
          parts.noise, PopulationShape(states: parts.intermediateCount, actions: 1),
          "population \(population), noise")
      case .meanField: continue
      }
    }
  }

  private mutating func checkTable(
    _ table: TransitionTable<Double>, _ shape: PopulationShape, _ place: String
  ) {
    let ones = [Double](repeating: 1, count: table.targetCount)
    var sums = [Double](repeating: 0, count: table.pairCount)
    ones.withUnsafeBufferPointer { ones in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let ones = ones.baseAddress, let sums = sums.baseAddress else { return }
        table.expectations(0..<table.stateCount, actions: shape.actionCount, of: ones, into: sums)
      }
    }
    for row in sums.indices where !(abs(sums[row] - 1) <= 1e-9) {
      let (action, state) = row.quotientAndRemainder(dividingBy: table.stateCount)
      report(.error, "\(place): the row of state \(state), action \(action) sums to \(sums[row])")
    }
    if table.probabilities.contains(where: { !($0 >= 0) }) {
      report(.error, "\(place): a transition probability is negative or not a number")
    }
  }

  private mutating func checkMeanFieldRows(_ flow: PopulationFlow<Double>) {
    for (population, kernel) in game.kernels.enumerated() {
      guard case .meanField(let rows) = kernel else { continue }
      let shape = game.shapes[population]
      for step in 0..<game.lastStep {
        let next = flow.rowTargets[population][step]
        let probabilities = flow.rowProbabilities[population][step]
        for row in 0..<shape.pairCount {
          var sum = 0.0
          for slot in 0..<rows.outcomesPerRow {
            let entry = slot * shape.pairCount + row
            if !(0..<shape.stateCount).contains(Int(next[entry])) {
              report(.error, "step \(step): a transition leads to state \(next[entry])")
            }
            if !(probabilities[entry] >= -1e-12) {
              report(.error, "step \(step): a transition probability is \(probabilities[entry])")
            }
            sum += probabilities[entry]
          }
          if !(abs(sum - 1) <= 1e-9) {
            report(
              .error,
              "step \(step): the row of state \(row % shape.stateCount), action \(row / shape.stateCount) sums to \(sum)"
            )
          }
        }
      }
    }
  }

  /// The rewards of one population and step; entries that were not written are NaN.
  private func rewards(
    _ population: Int, _ step: Int, _ flow: PopulationFlow<Double>
  ) -> [Double] {
    let buffer = FlatBuffer<Double>(
      count: game.shapes[population].pairCount, repeating: .nan)
    workspace.rewards(population, step, flow, into: buffer.base)
    return buffer.array
  }

  private mutating func checkRewards(_ flow: PopulationFlow<Double>) {
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let first = rewards(population, step, flow)
        for entry in first.indices where !first[entry].isFinite {
          report(
            .error,
            "step \(step), state \(entry % shape.stateCount), action \(entry / shape.stateCount): the reward is \(first[entry]) (or was not written)"
          )
        }
        if first.allSatisfy(\.isFinite), rewards(population, step, flow) != first {
          report(.error, "step \(step): the same mean field gives different rewards")
        }
      }
    }
  }

  /// Compares slopes along a random change of the laws at two step widths.
  private mutating func checkSlopes(_ flow: PopulationFlow<Double>) {
    for population in game.shapes.indices {
      for step in 0...game.lastStep {
        let law = flow.laws.base + workspace.layout.law(population, step)
        let count = game.shapes[population].stateCount
        let original = (0..<count).map { law[$0] }
        let change = original.map { $0 * (2 * stream.uniform() - 1) }
        func slope(_ width: Double) -> [Double] {
          for s in 0..<count { law[s] = original[s] + width * change[s] }
          let high = rewards(population, step, flow)
          for s in 0..<count { law[s] = original[s] - width * change[s] }
          let low = rewards(population, step, flow)
          for s in 0..<count { law[s] = original[s] }
          return zip(high, low).map { ($0 - $1) / (2 * width) }
        }
        let (fine, coarse) = (slope(1e-5), slope(1e-4))
        let scale = 1 + (fine.map(abs).max() ?? 0)
        let gap = zip(fine, coarse).map { abs($0 - $1) }.max() ?? 0
        if !(gap <= 1e-3 * scale) {
          report(
            .warning,
            "step \(step), population \(population): rewards jump with the mean field (slopes differ by \(gap))"
          )
        }
      }
    }
  }

  /// Moves the laws at one state and looks for rewards elsewhere that follow.
  private mutating func checkOwnState(_ flow: PopulationFlow<Double>) {
    for (other, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        let law = flow.laws.base + workspace.layout.law(other, step)
        let moved = stream.integer(below: shape.stateCount)
        for population in game.shapes.indices {
          let count = game.shapes[population].stateCount
          let before = rewards(population, step, flow)
          let original = law[moved]
          law[moved] = original + 0.25
          let after = rewards(population, step, flow)
          law[moved] = original
          for entry in before.indices
          where entry % count != moved && before[entry] != after[entry] {
            return report(
              .error,
              "step \(step): the reward in state \(entry % count) reads the law in state \(moved), but rewardsReadOwnStateOnly is declared"
            )
          }
        }
      }
    }
  }

  private mutating func randomPolicy() -> FiniteHorizonPolicy<Double> {
    var policy = FiniteHorizonPolicy.uniform(game)
    for (population, shape) in game.shapes.enumerated() {
      for step in 0...game.lastStep {
        for state in 0..<shape.stateCount {
          var total = 0.0
          for action in 0..<shape.actionCount {
            let index = (population, step, state, action)
            let weight =
              policy[population: index.0, step: index.1, state: index.2, action: index.3] > 0
              ? stream.exponential(rate: 1) : 0
            policy[population: index.0, step: index.1, state: index.2, action: index.3] = weight
            total += weight
          }
          for action in 0..<shape.actionCount {
            policy[population: population, step: step, state: state, action: action] /= total
          }
        }
      }
    }
    return policy
  }
}
