extension ReproductionCatalogue {
  /// Questions about learned routing that no single command answers.
  static let learningReproductions: [Reproduction] = [
    Reproduction(
      id: "routing-initialisation",
      summary:
        "Does a meta-learned initialisation help after a failure, once the update rule works?"
    ) { try InitialisationStudy(study: try .paper($0)).run() },
    Reproduction(
      id: "routing-transfer",
      summary: "One set of shared parameters on networks that were never seen in training."
    ) { try TransferStudy(study: MAMRLStudy(options: $0)).run() },
  ]
}
