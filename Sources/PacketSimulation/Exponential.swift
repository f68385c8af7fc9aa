import Foundation

/// `exp` of the C library, under a name that reads as a word.
@inline(__always)
func exponential(_ x: Double) -> Double { exp(x) }
