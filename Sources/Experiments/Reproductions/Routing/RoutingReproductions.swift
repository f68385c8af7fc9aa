import Foundation
import Networks

extension ReproductionCatalogue {
  /// The tables of `Documentation/RoutingResults.md`.
  static let routingReproductions: [Reproduction] = [
    Reproduction(
      id: "routing-ratios",
      summary: "Learned routing against the best fixed split, uniform demands: B4, Geant, ATT, or "
        + "any networks given.", takesSettings: true
    ) {
      try RatioStudy(
        id: "routing-ratios", options: $0, demand: .uniform,
        paths: { _ in ["b4", "geant", "att"] }, loads: [0.6, 0.9, 1.0, 1.2]
      ).run()
    },
    Reproduction(
      id: "routing-untouched",
      summary: "The same on networks that played no part in the tuning (--data), or on any files "
        + "given, with their own or else gravity demands.", takesSettings: true
    ) {
      try RatioStudy(
        id: "routing-untouched", options: $0, demand: .ownOrGravity, paths: untouched,
        loads: [0.6, 0.8, 0.9, 1.0]
      ).run()
    },
    Reproduction(
      id: LearningSpeedStudy.id,
      summary:
        "Episodes that learned routing needs from its start to within 5 % of its final level.",
      takesSettings: true
    ) { try LearningSpeedStudy(options: $0).run() },
    Reproduction(
      id: FailureStudy.id,
      summary:
        "Learned routing after failures: every link, mid-episode, repaired, two at once, seen "
        + "and held out, with a page per network.", takesSettings: true
    ) { try FailureStudy(options: $0).run() },
  ]

  /// The networks without a part in the tuning, fixed before any of them was measured: every SNDlib
  /// network of the data folder with 11 to 100 routers (with demands of its own) that is not one of
  /// the networks of the tuning, and six well-known ones of the Topology Zoo.
  private static func untouched(_ options: ReproductionOptions) throws -> [String] {
    guard let data = options.dataFolder else {
      throw InputError(
        file: "--data",
        expected: "the folder with sndlib/native and topology-zoo/graphml is needed, or network "
          + "files with --networks")
    }
    let native = [
      "atlanta", "cost266", "france", "germany50", "janos-us", "nobel-us", "polska", "sun", "zib54",
    ].map { "\(data)/sndlib/native/\($0).txt" }
    let zoo = ["Aarnet", "BtEurope", "Sprint", "Surfnet", "Uninett2011", "Nsfnet"]
      .map { "\(data)/topology-zoo/graphml/\($0).graphml" }
    return native + zoo
  }
}
