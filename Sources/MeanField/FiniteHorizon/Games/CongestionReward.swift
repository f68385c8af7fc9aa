/// The aversion to crowds that many games share.
enum CongestionReward {
  /// `out[s] = −log(law[s] + offset)` for a range of states.
  static func fill<Scalar: FlowScalar>(
    _ states: Range<Int>, law: UnsafePointer<Scalar>, offset: Scalar,
    into out: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.crowdAversion(
      states.count, offset, law + states.lowerBound, out + states.lowerBound)
  }
}
