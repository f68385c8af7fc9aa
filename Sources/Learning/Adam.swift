/// Descends along a gradient with step sizes that adapt to each parameter.
///
/// ```swift
/// var optimiser = Adam<Float>(count: network.parameterCount)
/// optimiser.descend(&parameters, gradient)
/// ```
///
/// ## Method
/// `m = β₁ m + (1 − β₁) g`, `v = β₂ v + (1 − β₂) g²`, `x −= α·m̂/(√v̂ + ε)` with
/// `m̂ = m/(1 − β₁ᵗ)`, `v̂ = v/(1 − β₂ᵗ)`; computed in the equivalent order of the paper's section 2,
/// `α_t = α√(1 − β₂ᵗ)/(1 − β₁ᵗ)`, `x −= α_t·m/(√v + ε√(1 − β₂ᵗ))`.
///
/// - Source: Kingma, Ba (2015), *Adam: a method for stochastic optimization*, ICLR; algorithm 1.
/// - Algorithm: adam | Kingma and Ba, 2015 | algorithm 1 | exact check passed
/// - Differs: none known. A value type: a copy is a checkpoint of the optimiser.
/// - Randomness: none.
/// - Complexity: one pass over the parameters; two more vectors.
/// - Verified: `OptimizerTests` (first step of length α per coordinate; a slow version).
public struct Adam<Scalar: NetworkScalar>: Sendable, Hashable, Codable {
  /// The step size α, in units of the parameters; > 0; default 1e-3 (the paper).
  public var stepSize: Double
  /// β₁ in [0, 1); default .9 (the paper).
  public var firstDecay: Double
  /// β₂ in [0, 1); default .999 (the paper).
  public var secondDecay: Double
  /// ε > 0; default 1e-8 (the paper).
  public var epsilon: Double
  public private(set) var steps = 0
  /// `β₁ᵗ` and `β₂ᵗ`.
  private var firstPower = 1.0
  private var secondPower = 1.0
  private var first: [Scalar]
  private var second: [Scalar]

  public init(
    count: Int, stepSize: Double = 1e-3, firstDecay: Double = 0.9, secondDecay: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    self.stepSize = stepSize
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    first = [Scalar](repeating: 0, count: count)
    second = first
  }

  /// One step against the gradient; for ascent pass a negative `scale`.
  public mutating func descend(_ x: inout [Scalar], _ gradient: [Scalar], scale: Double = 1) {
    precondition(
      x.count == first.count && gradient.count == first.count,
      "Adam for \(first.count) parameters got \(x.count) and a gradient of \(gradient.count)")
    steps += 1
    firstPower *= firstDecay
    secondPower *= secondDecay
    let root = (1 - secondPower).squareRoot()
    let scaled = scale == 1 ? gradient : gradient.scaled(scale)
    Scalar.adam(
      count: x.count, &x, &first, &second, scaled,
      step: Scalar(stepSize * root / (1 - firstPower)), beta1: Scalar(firstDecay),
      beta2: Scalar(secondDecay), epsilon: Scalar(epsilon * root))
  }

  /// Both moment vectors: with `steps`, all that a checkpoint needs beside the settings.
  public var moments: (first: [Scalar], second: [Scalar]) { (first, second) }

  /// Takes up stored moments.
  public mutating func restore(steps: Int, first: [Scalar], second: [Scalar]) {
    precondition(
      first.count == self.first.count && second.count == self.second.count && steps >= 0,
      "moments of \(first.count) and \(second.count) numbers for \(self.first.count)")
    self.first = first
    self.second = second
    self.steps = steps
    (firstPower, secondPower) = (1, 1)
    // Beyond, both powers are 0 in double precision or change nothing; a damaged count takes no time.
    for _ in 0..<min(steps, 1_000_000) {
      firstPower *= firstDecay
      secondPower *= secondDecay
    }
  }
}
