import Foundation

/// base^exponent; a name of its own, because `pow` is ambiguous where Foundation is not imported.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
