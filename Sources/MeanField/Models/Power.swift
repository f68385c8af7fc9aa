import Foundation

// Names of their own for files that do not import Foundation.

/// base^exponent.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// ln x.
func naturalLogarithm(_ x: Double) -> Double { log(x) }
