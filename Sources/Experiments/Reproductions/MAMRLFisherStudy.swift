import Networks
import PacketSimulation
import Routing

/// What the subsample of Fisher products does to the result: every decision against every tenth and
/// every twentieth.
///
/// The released program uses every decision; ours by default every tenth, which costs a fifth of the
/// arithmetic, the quick forms every twentieth. Gradient, line search and the bound on the divergence always use all decisions.
struct MAMRLFisherStudy: Sendable {
  let study: MAMRLStudy

  static let strides = [1, 10, 20]
  /// λ of the corrected world: .8 of B4's capacity.
  var load: Double { study.options.loads?.first ?? 0.25 }

  func run() throws -> ReproductionOutcome {
    let networks = study.networks(["b4"])
    let counter = StepCounter(
      label: "mamrl-fisher",
      total: networks.count * Self.strides.count * study.options.seeds,
      observer: study.options.observer)
    var table = CSVTable(columns: [
      "network", "fisherStride", "restricted", "low", "high", "delivered",
    ])
    var lines = ["network fisherStride restricted mean delay     delivered share"]
    var verdicts: [String] = []
    for network in networks {
      let results = try Self.strides.map { stride in
        try (0..<study.options.seeds).map { index in
          defer { counter.advance() }
          return try cell(network, stride, seedIndex: index)
        }
      }
      for (stride, cells) in zip(Self.strides, results) {
        let delay = Interval.mean(of: cells.map(\.restricted))
        let share = Interval.mean(of: cells.map(\.delivered))
        table.append([
          .text(network), .integer(stride), .optional(delay?.mean), .optional(delay?.low),
          .optional(delay?.high), .optional(share?.mean),
        ])
        lines.append(
          [
            network.padded(7), "\(stride)".padded(12), delay.text(2).padded(25), share.text(4),
          ].joined(separator: " "))
      }
      for (stride, cells) in zip(Self.strides, results).dropFirst() {
        verdicts.append(verdict(network, stride, cells, results[0]))
      }
    }
    return ReproductionOutcome(
      text: (lines + [""] + verdicts).joined(separator: "\n"),
      json: [
        "id": "mamrl-fisher", "quick": .bool(study.options.quick), "load": .number(load),
        "seeds": .integer(study.options.seeds),
        "verdicts": .array(verdicts.map(JSONValue.string)),
      ], tables: [("mamrl-fisher.csv", table)])
  }

  private func verdict(
    _ network: String, _ stride: Int, _ some: [MAMRLStudy.Cell], _ every: [MAMRLStudy.Cell]
  ) -> String {
    let ratio = Interval.ratio(some.map(\.restricted), over: every.map(\.restricted))
    let words = Standing(ratio, against: 1).words(below: "shorter", above: "longer")
    return
      "\(network): with one decision of \(stride) in Fisher products the delay over all packets is "
      + "\(ratio.text(3)) times that with all of them: \(words)."
  }

  private func cell(_ network: String, _ stride: Int, seedIndex: Int) throws -> MAMRLStudy.Cell {
    let key = "\(study.sizeName)-fisher-\(network)-\(load)-\(stride)-\(study.seed(seedIndex))"
    return try study.options.store.piece(key) {
      var settings = study.soundSettings
      settings.fisherStride = stride
      settings.innerSteps = 1
      settings.episodesPerBatch /= 2  // as many episodes in all
      let scenario = try study.source(network, .standard).scenario(load: load)
      return try study.trained(settings, "mamrl", scenario, seedIndex: seedIndex, key: key)
    }
  }
}
