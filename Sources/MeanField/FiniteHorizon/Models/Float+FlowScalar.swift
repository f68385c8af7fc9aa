import CKernels

extension Float: FlowScalar {
  @inlinable
  public static func exp(
    _ n: Int, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_exp_f32(n, x, out) }

  @inlinable
  public static func log(
    _ n: Int, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_log_f32(n, x, out) }

  @inlinable
  public static func crowdAversion(
    _ n: Int, _ offset: Self, _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_crowd_f32(n, offset, x, out) }

  @inlinable
  public static func softmax(
    _ n: Int, _ stride: Int, _ actions: Int, _ y: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_softmax_f32(n, stride, actions, y, out) }

  @inlinable
  public static func ascend(
    _ n: Int, _ stride: Int, _ actions: Int, _ rate: Self, _ q: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>, _ ascend: Bool, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_ascend_f32(n, stride, actions, rate, q, y, ascend ? 1 : 0, out) }

  @inlinable
  public static func joint(
    _ n: Int, _ stride: Int, _ actions: Int, _ mass: UnsafePointer<Self>,
    _ policy: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_joint_f32(n, stride, actions, mass, policy, out) }

  @inlinable
  public static func gather(
    _ n: Int, _ next: UnsafePointer<Int32>, _ v: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_gather_f32(n, next, v, out) }

  @inlinable
  public static func rows(
    _ n: Int, _ width: Int, _ slotStride: Int, _ next: UnsafePointer<Int32>,
    _ p: UnsafePointer<Self>, _ v: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_ell_f32(n, width, slotStride, next, p, v, out) }

  @inlinable
  public static func sparseRows(
    _ n: Int, _ offsets: UnsafePointer<Int32>, _ next: UnsafePointer<Int32>,
    _ p: UnsafePointer<Self>?, _ v: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_csr_f32(n, offsets, next, p, v, out) }

  @inlinable
  public static func push(
    _ n: Int, _ width: Int, _ slotStride: Int, _ next: UnsafePointer<Int32>,
    _ p: UnsafePointer<Self>, _ mass: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_push_f32(n, width, slotStride, next, p, mass, out) }

  @inlinable
  public static func backup(
    _ n: Int, _ stride: Int, _ actions: Int, _ r: UnsafePointer<Self>, _ rStride: Int,
    _ policy: UnsafePointer<Self>, _ q: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>
  ) { wf_mf_backup_f32(n, stride, actions, r, rStride, policy, q, v) }

  @inlinable
  public static func backupBest(
    _ n: Int, _ stride: Int, _ actions: Int, _ r: UnsafePointer<Self>, _ rStride: Int,
    _ mask: UnsafePointer<Self>?, _ q: UnsafeMutablePointer<Self>, _ v: UnsafeMutablePointer<Self>
  ) { wf_mf_backup_best_f32(n, stride, actions, r, rStride, mask, q, v) }

  @inlinable
  public static func softValue(
    _ n: Int, _ stride: Int, _ actions: Int, _ temperature: Self, _ q: UnsafePointer<Self>,
    _ prior: UnsafePointer<Self>, _ v: UnsafeMutablePointer<Self>
  ) { wf_mf_soft_value_f32(n, stride, actions, temperature, q, prior, v) }

  @inlinable
  public static func entropy(
    _ n: Int, _ stride: Int, _ actions: Int, _ weight: Self, _ policy: UnsafePointer<Self>,
    _ v: UnsafeMutablePointer<Self>
  ) { wf_mf_entropy_f32(n, stride, actions, weight, policy, v) }

  @inlinable
  public static func greedy(
    _ n: Int, _ stride: Int, _ actions: Int, _ tolerance: Self, _ q: UnsafePointer<Self>,
    _ mask: UnsafePointer<Self>?, _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_greedy_f32(n, stride, actions, tolerance, q, mask, out) }

  @inlinable
  public static func average(
    _ n: Int, _ stride: Int, _ actions: Int, _ weight: Self, _ mass: UnsafePointer<Self>,
    _ policy: UnsafePointer<Self>, _ newMass: UnsafePointer<Self>,
    _ newPolicy: UnsafePointer<Self>, _ unvisited: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>
  ) {
    wf_mf_average_f32(n, stride, actions, weight, mass, policy, newMass, newPolicy, unvisited, out)
  }

  @inlinable
  public static func combine(
    _ n: Int, _ a: Self, _ x: UnsafePointer<Self>, _ b: Self, _ y: UnsafePointer<Self>,
    _ out: UnsafeMutablePointer<Self>
  ) { wf_mf_combine_f32(n, a, x, b, y, out) }

  @inlinable
  public static func gap(
    _ n: Int, _ mass: UnsafePointer<Self>, _ best: UnsafePointer<Self>, _ value: UnsafePointer<Self>
  ) -> Double { wf_mf_gap_f32(n, mass, best, value) }
}
