import Randomness

extension MeanFieldReproduction {
  /// The error of control on an ε-net against ε, for several kernels, ways to explore and instances,
  /// beside the theorem's bound.
  static let controlError = MeanFieldReproduction(
    name: "mfc-error",
    documentation:
      "Gu et al.: error of MFC-K-Q against a net eight times finer, for falling ε, below the theorem's C·ε."
  ) { request in
    let resolutions = request.isQuick ? [2, 4, 8] : [3, 4, 6, 8, 12, 16, 24, 32]
    var second = CongestionControl()
    second.bandwidths = [0.3, 0.5, 0.8]
    second.lossPenalty = 1
    var outcome = Outcome()
    ErrorStudy(name: "congestion", resolutions: resolutions, request: request)
      .run(ControlledModel(CongestionControl()), &outcome)
    ErrorStudy(name: "congestionB", resolutions: resolutions, request: request)
      .run(ControlledModel(second), &outcome)
    ErrorStudy(name: "malware2", resolutions: resolutions + [48, 64], request: request)
      .run(ControlledModel(Malware(discount: 0.8, cells: 2)), &outcome)
    outcome.notes.append(
      "Bound: C = L_Q (reach + cell)/(1 − γ) times K, from measured slopes of reward and flow. The "
        + "error over ε of the nearest kernel still rises towards its limit as the net gets finer (more "
        + "favourable roundings become reachable), which is why its fitted exponent is below 1.")
    return outcome
  }
}

/// Errors of one learner against a fine solution.
struct LiftedError: Sendable {
  /// sup |Γ_K q − Q| over the learner's net points and all local policies.
  var onNet: Double
  /// The same over all points of the fine net.
  var everywhere: Double

  static func measure(
    _ population: some ControlledPopulation, _ method: KernelQLearning,
    against fine: LiftedSolution, seed: UInt64
  ) -> LiftedError {
    let learned = method.learn(population, seeds: SeedTree(root: seed))
    var error = LiftedError(onNet: 0, everywhere: 0)
    for point in learned.net.points {
      let values = learned.actionValues(point)
      for (policy, value) in zip(learned.policies, values) where value > -.infinity {
        let step = population.step(point, policy: policy)
        let exact = step.reward + population.discount * fine.value(step.next)
        error.onNet = max(error.onNet, abs(value - exact))
      }
    }
    let count = fine.policies.count
    for (index, point) in fine.net.points.enumerated() {
      for (choice, value) in learned.actionValues(point).enumerated() where value > -.infinity {
        error.everywhere = max(
          error.everywhere, abs(value - fine.values[0][index * count + choice]))
      }
    }
    return error
  }
}

/// Error against ε on one instance.
private struct ErrorStudy {
  let name: String
  let resolutions: [Int]
  let request: MeanFieldReproduction.Request

  private static let learners: [(String, KernelRegression, onNet: Bool)] = [
    ("nearest", .nearest, false), ("triangular", .triangular(width: 1.5), false),
    ("threeNearest", .nearestNeighbours(count: 3), false), ("nearestOnNet", .nearest, true),
    ("simplicialOnNet", .simplicial, true),
  ]

  func run(
    _ population: some ControlledPopulation, _ outcome: inout MeanFieldReproduction.Outcome
  ) {
    let finest = 8 * (resolutions.last ?? 1)
    let fine = NetValueIteration(resolution: finest, kernel: .simplicial).solve(
      population, threads: request.threads)
    let slopes = LiftedErrorBound.measure(
      population, resolution: min(finest, 48), threads: request.threads)
    let shown = LiftedErrorBound.slope(of: fine)
    outcome.note("\(name)RewardSlope", slopes.rewardSlope)
    outcome.note("\(name)FlowSlope", slopes.flowSlope)
    outcome.note("\(name)ActionValueSlope", slopes.actionValueSlope)
    outcome.note("\(name)ActionValueSlopeSeen", shown)
    var columns: [(String, [Double])] = [("epsilon", resolutions.map { 1 / Double($0) })]
    for (label, kernel, onNet) in Self.learners {
      let methods = resolutions.map { resolution in
        var method = KernelQLearning(resolution: resolution, kernel: kernel)
        method.startsOnNet = onNet
        return method
      }
      let errors = concurrentMap(count: methods.count, threads: request.threads) {
        LiftedError.measure(population, methods[$0], against: fine, seed: request.seed)
      }
      let dimension = population.stateCount
      let bounds = methods.map { slopes.bound($0, dimension: dimension) }
      let sharper = methods.map { slopes.bound($0, dimension: dimension, slope: shown) }
      columns.append((label, errors.map(\.onNet)))
      columns.append((label + "Everywhere", errors.map(\.everywhere)))
      columns.append((label + "Bound", bounds))
      note(label, errors, bounds, sharper, &outcome)
    }
    outcome.figures.append(figure(columns))
  }

  private func note(
    _ label: String, _ errors: [LiftedError], _ bounds: [Double], _ sharper: [Double],
    _ outcome: inout MeanFieldReproduction.Outcome
  ) {
    let points = zip(resolutions, errors).map { (1 / Double($0), $1.everywhere) }
    for (part, kept) in [("", points), ("From8", points.filter { $0.0 <= 0.126 })] {
      let fit = PowerLaw.fit(kept)
      outcome.note("\(name)-\(label)Exponent\(part)", fit.exponent)
      outcome.note("\(name)-\(label)Exponent\(part)Margin", fit.exponentMargin)
    }
    let ratios = points.map { $0.1 / $0.0 }
    outcome.note("\(name)-\(label)FirstErrorOverEpsilon", ratios.first ?? .nan)
    outcome.note("\(name)-\(label)LastErrorOverEpsilon", ratios.last ?? .nan)
    outcome.note("\(name)-\(label)LargestErrorOverEpsilon", ratios.max() ?? .nan)
    outcome.note("\(name)-\(label)C", (bounds.last ?? .nan) * Double(resolutions.last ?? 0))
    outcome.note(
      "\(name)-\(label)CFromSlopeSeen", (sharper.last ?? .nan) * Double(resolutions.last ?? 0))
    let largest = zip(errors, sharper).map { $0.everywhere / $1 }.max() ?? .nan
    outcome.note("\(name)-\(label)LargestShareOfSharperBound", largest)
  }

  private func figure(_ columns: [(String, [Double])]) -> MeanFieldReproduction.Figure {
    let titles = [
      "nearest", "triangular", "3 nearest", "nearest, from net points",
      "simplicial, from net points",
    ]
    let plots = titles.enumerated().map { index, title in
      "data using 1:\(3 * index + 3) skip 1 with linespoints lw 2 title '\(title)'"
    }
    return MeanFieldReproduction.Figure(
      "mfc-error-" + name, columns,
      [
        "set logscale xy", "set key outside right", "set xlabel 'ε = 1/K'",
        "set ylabel 'sup |Q̂ − Q|, all distributions'",
        "plot " + plots.joined(separator: ", ")
          + ", data using 1:4 skip 1 with lines dt 3 lc rgb '#c03020' title 'C ε of nearest'"
          + ", x with lines dt 2 lc rgb '#888888' title 'slope 1'",
      ])
  }
}
