/// The social price of a packet as a line in the ticks that it waits: a running least-squares fit.
///
/// In a stable queue with Poisson arrivals of load ρ a packet that waits w ticks is followed by
/// (w + ½) ρ / (1 − ρ) packets in its busy period on average: a line. The fit finds it without
/// knowing ρ, and stays finite where the horizon cuts busy periods off.
///
/// - Shapes: five running moments.
package struct PriceEstimate: Sendable {
  private(set) var count: Float = 0
  private var meanWait: Float = 0
  private var meanLater: Float = 0
  private var meanSquare: Float = 0
  private var meanProduct: Float = 0

  package init() {}

  /// Takes up stored moments.
  init(moments: ArraySlice<Float>) {
    let values = Array(moments)
    (count, meanWait, meanLater) = (values[0], values[1], values[2])
    (meanSquare, meanProduct) = (values[3], values[4])
  }
  static let size = 5
  var moments: [Float] { [count, meanWait, meanLater, meanSquare, meanProduct] }

  @inline(__always)
  package mutating func note(wait: Float, later: Float, rate: Float) {
    count = Swift.min(count + 1, 1_048_576)
    let step = Swift.max(rate, 1 / count)
    meanWait += step * (wait - meanWait)
    meanLater += step * (later - meanLater)
    meanSquare += step * (wait * wait - meanSquare)
    meanProduct += step * (wait * later - meanProduct)
  }

  /// Forgets all but the weight of so many packets.
  mutating func recall(_ packets: Float) { count = Swift.min(count, packets) }

  /// Intercept and slope.
  ///
  /// The slope is never negative: in overload queues are long when few packets are still to come,
  /// but that is the work of the clock; at any moment a longer queue does not make a packet cheaper
  /// for others. Nor is it more than `later / (1 + wait)` of the means, a little less than a stable
  /// queue's: a few enormous busy periods must not turn the routers' response into a swing.
  package var line: (intercept: Float, slope: Float) {
    let variance = meanSquare - meanWait * meanWait
    let regression = (meanProduct - meanWait * meanLater) / (variance + 0.05)
    let slope = max(0, min(regression, meanLater / (1 + meanWait)))
    return (meanLater - slope * meanWait, slope)
  }
}
