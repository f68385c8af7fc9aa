extension MeanFieldCatalogue {
  /// The games of the stationary discounted side.
  static let stationaryGames: [GameDescriptor] = []
  /// The solvers of the stationary discounted side.
  static let stationarySolvers: [SolverDescriptor] = []
}
