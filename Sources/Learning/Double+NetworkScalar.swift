import CKernels

extension Double: NetworkScalar {
  public static func product(
    _ kernels: KernelSet, rows: Int, columns: Int, depth: Int,
    _ a: UnsafePointer<Double>, _ aRow: Int, _ aColumn: Int,
    _ b: UnsafePointer<Double>, _ bOffset: Int, _ bRow: Int, _ bColumn: Int,
    biasOffset: Int?, flags: Int, _ c: UnsafeMutablePointer<Double>, _ cOffset: Int, _ cRow: Int
  ) {
    wf_gemm_f64(
      kernels.c, rows, columns, depth, a, aRow, aColumn, b + bOffset, bRow, bColumn,
      biasOffset.map { b + $0 }, c + cOffset, cRow, Int32(flags))
  }

  public static func sparseForward(
    _ kernels: KernelSet, rows: Int, active: Int, width: Int, _ index: UnsafePointer<Int32>,
    _ values: UnsafePointer<Double>?, _ weights: UnsafePointer<Double>, _ offset: Int,
    biasOffset: Int, _ out: UnsafeMutablePointer<Double>, relu: Bool
  ) {
    wf_sparse_forward_f64(
      kernels.c, rows, active, width, index, values, weights + offset, weights + biasOffset, out,
      relu ? 1 : 0)
  }

  public static func sparseBackward(
    _ kernels: KernelSet, rows: Int, active: Int, width: Int, _ index: UnsafePointer<Int32>,
    _ values: UnsafePointer<Double>?, _ d: UnsafePointer<Double>,
    _ gradient: UnsafeMutablePointer<Double>, _ offset: Int
  ) {
    wf_sparse_backward_f64(kernels.c, rows, active, width, index, values, d, gradient + offset)
  }

  public static func columnSums(
    _ kernels: KernelSet, rows: Int, width: Int, _ d: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>, _ offset: Int
  ) {
    wf_column_sums_f64(kernels.c, rows, width, d, sums + offset)
  }

  public static func rectifierMask(
    _ kernels: KernelSet, count: Int, _ y: UnsafePointer<Double>, _ d: UnsafeMutablePointer<Double>
  ) {
    wf_relu_mask_f64(kernels.c, count, y, d)
  }

  public static func addScaled(
    _ kernels: KernelSet, count: Int, _ s: Double, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) {
    wf_add_scaled_f64(kernels.c, count, s, x, y)
  }

  public static func dot(
    _ kernels: KernelSet, count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double {
    wf_dot_f64(kernels.c, count, x, y)
  }

  public static func softmax(
    rows: Int, width: Int, _ mask: UnsafePointer<UInt8>?, _ logits: UnsafePointer<Double>,
    _ p: UnsafeMutablePointer<Double>, _ logp: UnsafeMutablePointer<Double>
  ) {
    wf_softmax_f64(rows, width, mask, logits, p, logp)
  }

  public static func softmaxFisher(
    rows: Int, width: Int, _ p: UnsafePointer<Double>, _ weight: UnsafePointer<Double>,
    _ v: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    wf_softmax_fisher_f64(rows, width, p, weight, v, out)
  }

  public static func softmaxScore(
    rows: Int, width: Int, _ p: UnsafePointer<Double>, _ actions: UnsafePointer<Int32>,
    _ weight: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    wf_softmax_score_f64(rows, width, p, actions, weight, out)
  }

  public static func softmaxDivergence(
    count: Int, _ q: UnsafePointer<Double>, _ logq: UnsafePointer<Double>,
    _ logp: UnsafePointer<Double>
  ) -> Double {
    wf_softmax_divergence_f64(count, q, logq, logp)
  }

  public static func gather(
    rows: Int, width: Int, _ x: UnsafePointer<Double>, _ actions: UnsafePointer<Int32>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    wf_gather_f64(rows, width, x, actions, out)
  }

  public static func adam(
    count: Int, _ x: UnsafeMutablePointer<Double>, _ m: UnsafeMutablePointer<Double>,
    _ v: UnsafeMutablePointer<Double>, _ g: UnsafePointer<Double>, step: Double, beta1: Double,
    beta2: Double, epsilon: Double
  ) {
    wf_adam_f64(count, x, m, v, g, step, beta1, beta2, epsilon)
  }
}
