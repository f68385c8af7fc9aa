/// When a search ends.
public struct StoppingRule: Codable, Hashable, Sendable {
  /// Steps at most. Default 100.
  public var iterations: Int
  /// Ends when the summed exploitability is at most this; nil: never. Default nil.
  public var exploitability: Double?
  /// Ends when it is at most this share of the first policy's; nil: never. Default nil.
  public var relativeExploitability: Double?

  public init(
    iterations: Int = 100, exploitability: Double? = nil, relativeExploitability: Double? = nil
  ) {
    self.iterations = iterations
    self.exploitability = exploitability
    self.relativeExploitability = relativeExploitability
  }
}

/// Runs a solver on a game: the loop, the trace, the best iterate, stopping and resuming.
///
/// ```swift
/// let search = EquilibriumSearch(PreparedGame(BeachBar<Double>()), OnlineMirrorDescent())
/// let result = search.run(StoppingRule(iterations: 200, exploitability: 1e-3))
/// result.trace.last?.exploitability
/// ```
///
/// The result never depends on the number of threads: work is cut into fixed pieces that write to
/// disjoint places.
public final class EquilibriumSearch<Scalar: FlowScalar> {
  private let stepper: any PolicyStepper<Scalar>
  private let workspace: FlowWorkspace<Scalar>
  private let solverName: String
  private var current: FlatBuffer<Scalar>
  private var next: FlatBuffer<Scalar>
  private var best: FlatBuffer<Scalar>?
  private var bestIteration = 0
  private var bestExploitability = Double.infinity
  private var trace: [IterationRecord] = []

  public var game: PreparedGame<Scalar> { workspace.game }
  /// Steps taken so far.
  public private(set) var iteration = 0

  /// - Parameters:
  ///   - initialPolicy: the first policy; nil means equal probabilities.
  ///   - keepsBest: whether the best policy is kept beside the last; costs one more table.
  public init<Solver: FiniteHorizonSolver>(
    _ game: PreparedGame<Scalar>, _ solver: Solver, threads: Int = 1,
    initialPolicy: FiniteHorizonPolicy<Scalar>? = nil, keepsBest: Bool = true
  ) {
    workspace = FlowWorkspace(game, threads: threads)
    stepper = solver.makeStepper(workspace)
    solverName = Solver.name
    let first = initialPolicy ?? .uniform(game)
    current = FlatBuffer(first.values)
    next = FlatBuffer(count: first.values.count)
    best = keepsBest ? FlatBuffer(count: first.values.count) : nil
    stepper.start(from: current)
  }

  /// Steps until the rule ends the search; a second call continues where the first one ended.
  ///
  /// - Parameter observe: called after each step with the record of the policy it started from;
  ///   returns false to end the search.
  public func run(
    _ rule: StoppingRule, observe: (IterationRecord) -> Bool = { _ in true }
  ) -> SearchResult<Scalar> {
    while iteration < rule.iterations {
      let record = step()
      let goesOn = observe(record)
      if let status = verdict(record, rule) ?? (goesOn ? nil : .interrupted) {
        return result(status, trace)
      }
    }
    let record = measure()
    return result(verdict(record, rule) ?? .iterationLimit, trace + [record])
  }

  private func step() -> IterationRecord {
    let values = stepper.step(iteration, from: current, to: next)
    let record = IterationRecord(iteration: iteration, values: values)
    trace.append(record)
    if record.exploitability < bestExploitability {
      bestExploitability = record.exploitability
      bestIteration = iteration
      if let kept = best {
        best = current
        current = kept
      }
    }
    swap(&current, &next)
    iteration += 1
    return record
  }

  /// The current policy's record, without a step.
  private func measure() -> IterationRecord {
    let flow = PopulationFlow(game)
    workspace.forward(current, into: flow)
    return IterationRecord(
      iteration: iteration, values: workspace.backward(current, in: flow, goal: .both))
  }

  private func verdict(_ record: IterationRecord, _ rule: StoppingRule) -> SearchStatus? {
    let value = record.exploitability
    if !value.isFinite { return .diverged }
    if let target = rule.exploitability, value <= target { return .converged }
    if let share = rule.relativeExploitability, let first = trace.first?.exploitability,
      value <= share * first
    {
      return .converged
    }
    return nil
  }

  /// `records` end with the record of the last policy that was measured: `current`, or after a step
  /// that ended the search the one before it (kept where it was the best so far).
  private func result(_ status: SearchStatus, _ records: [IterationRecord]) -> SearchResult<Scalar>
  {
    var last = (iteration, current)
    var chosen = best.map { (bestIteration, $0) }
    if let record = records.last {
      if record.iteration == iteration && record.exploitability < bestExploitability {
        chosen = best == nil ? nil : last
      } else if record.iteration != iteration, record.iteration == bestIteration, let best {
        last = (bestIteration, best)
      }
    }
    let layout = workspace.layout
    return SearchResult(
      game: game, solver: solverName, status: status, iterations: iteration, trace: records,
      policy: FiniteHorizonPolicy(layout: layout, values: last.1.array), policyIteration: last.0,
      bestPolicy: chosen.map { FiniteHorizonPolicy(layout: layout, values: $0.1.array) },
      bestIteration: chosen?.0 ?? bestIteration)
  }

  // MARK: resume

  /// Everything that a search needs to continue with the same bytes.
  public func checkpoint() -> SearchCheckpoint<Scalar> {
    SearchCheckpoint(
      solver: solverName, game: game.name, iteration: iteration, policy: current.array,
      carried: stepper.carried.map(\.array), best: best?.array, bestIteration: bestIteration,
      bestExploitability: bestExploitability.isFinite ? bestExploitability : nil, trace: trace)
  }

  /// Takes up a checkpoint of the same solver and game.
  ///
  /// - Throws: `CheckpointError` where it belongs to another search.
  public func restore(_ checkpoint: SearchCheckpoint<Scalar>) throws(CheckpointError) {
    guard checkpoint.solver == solverName, checkpoint.game == game.name else {
      throw .otherSearch(solver: checkpoint.solver, game: checkpoint.game)
    }
    guard checkpoint.policy.count == current.count,
      checkpoint.carried.map(\.count) == stepper.carried.map(\.count),
      checkpoint.best.map({ $0.count == current.count }) ?? true
    else { throw .otherSize }
    current.copy(from: checkpoint.policy)
    for (buffer, values) in zip(stepper.carried, checkpoint.carried) { buffer.copy(from: values) }
    if let values = checkpoint.best { best?.copy(from: values) }
    bestIteration = checkpoint.bestIteration
    bestExploitability = checkpoint.bestExploitability ?? .infinity
    iteration = checkpoint.iteration
    trace = checkpoint.trace
  }
}
