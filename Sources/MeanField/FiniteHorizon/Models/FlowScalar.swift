import CKernels

/// The number type of a finite-horizon game: `Double` or `Float`.
///
/// The requirements are the loops of the solvers over flat buffers. They are static members of the
/// scalar so that code generic over it costs one call per buffer, never one per number. A table
/// over actions and states keeps states together: entry (a, s) is at `a * stride + s`.
///
/// Only `Double` and `Float` conform; a game does not call these members except through
/// `VectorMath`.
public protocol FlowScalar: BinaryFloatingPoint, Sendable, Codable {
  static func exp(_ n: Int, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  static func log(_ n: Int, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  /// `out[i] = −log(x[i] + offset)`.
  static func crowdAversion(
    _ n: Int, _ offset: Self, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  /// `out` = softmax over actions of `y`.
  static func softmax(
    _ n: Int, _ stride: Int, _ actions: Int, _ y: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>)
  /// `out` = softmax over actions of `y + rate * q`; with `ascend`, `y` becomes that sum.
  static func ascend(
    _ n: Int, _ stride: Int, _ actions: Int, _ rate: Self, _ q: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>, _ ascend: Bool, _ out: UnsafeMutablePointer<Self>)
  /// `out[a, s] = mass[s] * policy[a, s]`.
  static func joint(
    _ n: Int, _ stride: Int, _ actions: Int, _ mass: UnsafePointer<Self>,
    _ policy: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  /// `out[i] = v[next[i]]`.
  static func gather(
    _ n: Int, _ next: UnsafePointer<Int32>, _ v: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>)
  /// `out[i] = Σ_j p[j, i] * v[next[j, i]]`, slot `j` at distance `slotStride`.
  static func rows(
    _ n: Int, _ width: Int, _ slotStride: Int, _ next: UnsafePointer<Int32>,
    _ p: UnsafePointer<Self>, _ v: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  /// `out[i] = Σ_{e in offsets[i]..<offsets[i+1]} p[e] * v[next[e]]`; nil `p` means all ones.
  static func sparseRows(
    _ n: Int, _ offsets: UnsafePointer<Int32>, _ next: UnsafePointer<Int32>,
    _ p: UnsafePointer<Self>?, _ v: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  /// `out[next[j, i]] += p[j, i] * mass[i]`.
  static func push(
    _ n: Int, _ width: Int, _ slotStride: Int, _ next: UnsafePointer<Int32>,
    _ p: UnsafePointer<Self>, _ mass: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  /// `q += r`, `v[s] = Σ_a policy[a, s] q[a, s]`.
  static func backup(
    _ n: Int, _ stride: Int, _ actions: Int, _ r: UnsafePointer<Self>, _ rStride: Int,
    _ policy: UnsafePointer<Self>, _ q: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>)
  /// `q += r`, `v[s] = max_a (q + mask)[a, s]`.
  static func backupBest(
    _ n: Int, _ stride: Int, _ actions: Int, _ r: UnsafePointer<Self>, _ rStride: Int,
    _ mask: UnsafePointer<Self>?, _ q: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>)
  /// `v[s] = temperature · log Σ_a exp(prior[a, s] + q[a, s] / temperature)`.
  static func softValue(
    _ n: Int, _ stride: Int, _ actions: Int, _ temperature: Self, _ q: UnsafePointer<Self>,
    _ prior: UnsafePointer<Self>, _ v: UnsafeMutablePointer<Self>)
  /// `v[s] −= weight · Σ_a policy log policy`.
  static func entropy(
    _ n: Int, _ stride: Int, _ actions: Int, _ weight: Self, _ policy: UnsafePointer<Self>,
    _ v: UnsafeMutablePointer<Self>)
  /// Equal shares of the actions within `tolerance` of the largest `q + mask`.
  static func greedy(
    _ n: Int, _ stride: Int, _ actions: Int, _ tolerance: Self, _ q: UnsafePointer<Self>,
    _ mask: UnsafePointer<Self>?, _ out: UnsafeMutablePointer<Self>)
  /// The policy of the mixture of two flows; `unvisited` where neither has mass.
  static func average(
    _ n: Int, _ stride: Int, _ actions: Int, _ weight: Self, _ mass: UnsafePointer<Self>,
    _ policy: UnsafePointer<Self>, _ newMass: UnsafePointer<Self>,
    _ newPolicy: UnsafePointer<Self>, _ unvisited: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>)
  /// `out = a x + b y`.
  static func combine(
    _ n: Int, _ a: Self, _ x: UnsafePointer<Self>, _ b: Self, _ y: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>)
  /// `Σ_s mass[s] (best[s] − value[s])`, summed in double precision in the order of the states.
  static func gap(
    _ n: Int, _ mass: UnsafePointer<Self>, _ best: UnsafePointer<Self>, _ value: UnsafePointer<Self>
  ) -> Double
}
