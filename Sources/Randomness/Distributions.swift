import Foundation

// Our own conversions from words to numbers: the standard library's may change between releases,
// which would break "same seed, same bytes". All are generic over the generator, so that tests can
// pass hostile ones (always zero, always the maximum).

extension RandomNumberGenerator {
  /// A number in [0, 1): the top 53 bits of one word.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number in (0, 1]: safe as the argument of a logarithm.
  @inlinable
  public mutating func uniformPositive() -> Double {
    Double((next() >> 11) &+ 1) * 0x1p-53
  }

  /// An integer in 0..<bound, without bias.
  ///
  /// - Source: Lemire (2019), *Fast random integer generation in an interval*, ACM TOMACS 29(1).
  @inlinable
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "integer(below: \(bound)): the bound must be positive")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      // A hostile generator that always returns zero would loop for ever; after 64 rejections, each
      // of probability below one half, taking the biased value is the lesser harm.
      var attempts = 0
      while product.low < threshold && attempts < 64 {
        product = next().multipliedFullWidth(by: range)
        attempts += 1
      }
    }
    return Int(product.high)
  }

  /// `true` with the given probability.
  @inlinable
  public mutating func bernoulli(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// An exponentially distributed number with the given rate (mean 1/rate).
  @inlinable
  public mutating func exponential(rate: Double) -> Double {
    -log(uniformPositive()) / rate
  }

  /// A standard normal number, by the Box–Muller transform (two words a number, none kept back).
  @inlinable
  public mutating func normal() -> Double {
    let radius = (-2 * log(uniformPositive())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// +1 or −1 with equal probability (a Rademacher variable).
  @inlinable
  public mutating func sign() -> Double {
    next() >> 63 == 0 ? 1 : -1
  }

  /// A Poisson number with the given mean (mean ≥ 0; up to 1e6 in reasonable time).
  ///
  /// Products of uniforms in blocks of mean at most 16, so no term underflows.
  @inlinable
  public mutating func poisson(mean: Double) -> Int {
    precondition(
      mean >= 0 && mean.isFinite, "poisson(mean: \(mean)): the mean must be ≥ 0 and finite")
    var remaining = mean
    var count = 0
    while remaining > 0 {
      let block = Swift.min(remaining, 16)
      remaining -= block
      let limit = exp(-block)
      var product = uniformPositive()
      var inBlock = 0
      while product > limit {
        count += 1
        product *= uniformPositive()
        inBlock += 1
        // A Poisson(16) number beyond 400 has probability below 1e-300: only a broken generator
        // gets here, and it must not hang us.
        if inBlock > 400 { break }
      }
    }
    return count
  }

  /// An index drawn with probability proportional to `weights` (non-negative, not all zero).
  ///
  /// Rounding at the upper end never yields an index of weight zero.
  @inlinable
  public mutating func categorical(_ weights: some Collection<Double>) -> Int {
    var total = 0.0
    for w in weights { total += w }
    precondition(total > 0, "categorical: the weights sum to \(total)")
    var target = uniform() * total
    var chosen = 0
    for (index, w) in weights.enumerated() where w > 0 {
      chosen = index
      if target < w { break }
      target -= w
    }
    return chosen
  }

  /// Puts the elements into a uniformly random order (Fisher–Yates, from the back).
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    var last = elements.count - 1
    while last > 0 {
      elements.swapAt(last, integer(below: last + 1))
      last -= 1
    }
  }
}
