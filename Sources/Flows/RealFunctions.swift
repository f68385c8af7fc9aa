#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `base` to a real power, by the platform's mathematics library.
func realPower(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// The exponential function.
func exponential(_ x: Double) -> Double { exp(x) }

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }

/// `log(n!)`; exact summation for small n, Stirling's series (error below 1e-15) beyond.
func logFactorial(_ n: Int) -> Double {
  guard n > 30 else {
    var product = 1.0
    for k in 1..<max(2, n + 1) { product *= Double(k) }
    return log(product)
  }
  let x = Double(n) + 1
  let inverse = 1 / x
  let square = inverse * inverse
  let series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)))
  return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_7 + series
}
