import Networks
import PacketSimulation

extension SimulationModel {
  /// Checks what `--set` can make of a model.
  ///
  /// - Throws: `InputError` naming the parameter that is out of its range.
  func validate() throws(InputError) {
    try require(initialQueue, 0...10_000, "initialQueue")
    try require(initialInFlight, 0...64, "initialInFlight")
    try require(bufferLimit ?? 1, 1...1_000_000_000, "bufferLimit")
    try require(timeToLive ?? 1, 1...65_535, "timeToLive")
    if case .ticks(let age) = observationAge {
      try require(age, 0...10_000, "observationAge")
    }
  }

  private func require(
    _ value: Int, _ range: ClosedRange<Int>, _ field: String
  ) throws(InputError) {
    guard range.contains(value) else {
      throw InputError(
        file: "--set", field: field, value: "\(value)",
        expected: "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
