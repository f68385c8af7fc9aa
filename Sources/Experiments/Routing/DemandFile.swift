import Networks

/// Reads a demand file for a network.
enum DemandFile {
  /// The mean of all matrices of a file with one row-major matrix a line, diagonal included.
  ///
  /// - Throws: `InputError` where the rows do not fit the network.
  static func matrix(path: String, topology: Topology) throws(InputError) -> TrafficMatrix {
    let rows = try DemandRows(path: path)
    return try PairSizes(
      rows: rows, routerCount: topology.routerCount, columns: .diagonalInPlace
    ).means
  }
}
