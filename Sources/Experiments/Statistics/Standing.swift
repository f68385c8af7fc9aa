/// Where an interval lies against a limit.
enum Standing: Sendable, Hashable {
  case below, above
  /// The limit lies inside: the data leave it open.
  case undecided
  /// No bounds: one observation, or a denominator too uncertain.
  case unknown

  init(_ interval: Interval?, against limit: Double) {
    guard let low = interval?.low, let high = interval?.high else {
      self = .unknown
      return
    }
    self = high < limit ? .below : low > limit ? .above : .undecided
  }

  /// One word for each; the same for all verdicts where nothing can be said.
  func words(below: String, above: String) -> String {
    switch self {
    case .below: below
    case .above: above
    case .undecided: "no difference that these trainings show"
    case .unknown: "no interval"
    }
  }
}
