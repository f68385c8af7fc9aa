/// Adds up the demands of a file into a matrix.
struct DemandBuilder {
  /// A matrix of so many routers takes 200 MB.
  static let routerLimit = 5_000

  private let routerCount: Int
  private var values: [Double]
  private(set) var count = 0
  private var selfDemands = 0

  init(routerCount: Int, file: String, line: Int?) throws(InputError) {
    guard routerCount <= Self.routerLimit else {
      throw InputError(
        file: file, line: line,
        expected: "demands are supported for at most \(Self.routerLimit) routers")
    }
    self.routerCount = routerCount
    values = [Double](repeating: 0, count: routerCount * routerCount)
  }

  /// Demands of the same pair add up.
  mutating func add(
    _ source: RouterID, _ destination: RouterID, _ value: Double?, text: String,
    file: String, line: Int?
  ) throws(InputError) {
    let index = source.index * routerCount + destination.index
    guard let value, value >= 0, (values[index] + value).isFinite else {
      throw InputError(
        file: file, line: line, field: "demand", value: text, expected: "a number ≥ 0 was expected")
    }
    values[index] += value
    count += 1
    if source == destination { selfDemands += 1 }
  }

  /// Notes what is doubtful, and makes the matrix.
  func finish(unit: String?, log: inout WarningLog) -> TrafficMatrix {
    if selfDemands > 0 {
      log.add(
        .demand, line: nil,
        "\(selfDemands) demands are from a router to itself; they are kept and never count")
    }
    return TrafficMatrix(checked: routerCount, values, unit: unit)
  }
}
