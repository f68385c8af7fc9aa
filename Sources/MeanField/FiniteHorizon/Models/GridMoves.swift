/// A cell of a grid: row x, column y.
public struct GridPoint: Sendable, Hashable, Codable {
  public var x: Int
  public var y: Int
  public init(_ x: Int, _ y: Int) {
    self.x = x
    self.y = y
  }

  /// Down, up, right, left, stay.
  public static let fiveMoves = [
    GridPoint(1, 0), GridPoint(-1, 0), GridPoint(0, 1), GridPoint(0, -1), GridPoint(0, 0),
  ]
}

extension MoveThenNoise {
  /// Moves on a grid of `length` rows and `width` columns, cell (x, y) being state x · width + y,
  /// kept inside by clamping each coordinate.
  ///
  /// - Parameter clampsOnce: whether move and noise are added before they are clamped; else each is
  ///   clamped by itself.
  public static func grid(
    length: Int, width: Int, moves: [GridPoint], noise: [GridPoint], noiseProbabilities: [Double],
    clampsOnce: Bool
  ) -> MoveThenNoise {
    precondition(noise.count == noiseProbabilities.count, "one probability for each noise move")
    let margin =
      clampsOnce ? moves.reduce(0) { max($0, abs($1.x), abs($1.y)) } : 0
    let (rows, columns) = (length + 2 * margin, width + 2 * margin)
    func clamp(_ value: Int, _ count: Int) -> Int { min(max(value, 0), count - 1) }
    return MoveThenNoise(
      states: length * width, actions: moves.count, intermediates: rows * columns,
      noiseProbabilities: noiseProbabilities,
      move: { state, action in
        let x = clamp(state / width + moves[action].x + margin, rows)
        return x * columns + clamp(state % width + moves[action].y + margin, columns)
      },
      noise: { place, outcome in
        let x = clamp(place / columns - margin + noise[outcome].x, length)
        return x * width + clamp(place % columns - margin + noise[outcome].y, width)
      })
  }
}
