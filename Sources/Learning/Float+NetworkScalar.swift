import CKernels

extension Float: NetworkScalar {
  public static func product(
    _ kernels: KernelSet, rows: Int, columns: Int, depth: Int,
    _ a: UnsafePointer<Float>, _ aRow: Int, _ aColumn: Int,
    _ b: UnsafePointer<Float>, _ bOffset: Int, _ bRow: Int, _ bColumn: Int,
    biasOffset: Int?, flags: Int, _ c: UnsafeMutablePointer<Float>, _ cOffset: Int, _ cRow: Int
  ) {
    wf_gemm_f32(
      kernels.c, rows, columns, depth, a, aRow, aColumn, b + bOffset, bRow, bColumn,
      biasOffset.map { b + $0 }, c + cOffset, cRow, Int32(flags))
  }

  public static func sparseForward(
    _ kernels: KernelSet, rows: Int, active: Int, width: Int, _ index: UnsafePointer<Int32>,
    _ values: UnsafePointer<Float>?, _ weights: UnsafePointer<Float>, _ offset: Int,
    biasOffset: Int, _ out: UnsafeMutablePointer<Float>, relu: Bool
  ) {
    wf_sparse_forward_f32(
      kernels.c, rows, active, width, index, values, weights + offset, weights + biasOffset, out,
      relu ? 1 : 0)
  }

  public static func sparseBackward(
    _ kernels: KernelSet, rows: Int, active: Int, width: Int, _ index: UnsafePointer<Int32>,
    _ values: UnsafePointer<Float>?, _ d: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ offset: Int
  ) {
    wf_sparse_backward_f32(kernels.c, rows, active, width, index, values, d, gradient + offset)
  }

  public static func columnSums(
    _ kernels: KernelSet, rows: Int, width: Int, _ d: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>, _ offset: Int
  ) {
    wf_column_sums_f32(kernels.c, rows, width, d, sums + offset)
  }

  public static func rectifierMask(
    _ kernels: KernelSet, count: Int, _ y: UnsafePointer<Float>, _ d: UnsafeMutablePointer<Float>
  ) {
    wf_relu_mask_f32(kernels.c, count, y, d)
  }

  public static func addScaled(
    _ kernels: KernelSet, count: Int, _ s: Float, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    wf_add_scaled_f32(kernels.c, count, s, x, y)
  }

  public static func dot(
    _ kernels: KernelSet, count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Double {
    wf_dot_f32(kernels.c, count, x, y)
  }

  public static func softmax(
    rows: Int, width: Int, _ mask: UnsafePointer<UInt8>?, _ logits: UnsafePointer<Float>,
    _ p: UnsafeMutablePointer<Float>, _ logp: UnsafeMutablePointer<Float>
  ) {
    wf_softmax_f32(rows, width, mask, logits, p, logp)
  }

  public static func softmaxFisher(
    rows: Int, width: Int, _ p: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ v: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>
  ) {
    wf_softmax_fisher_f32(rows, width, p, weight, v, out)
  }

  public static func softmaxScore(
    rows: Int, width: Int, _ p: UnsafePointer<Float>, _ actions: UnsafePointer<Int32>,
    _ weight: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>
  ) {
    wf_softmax_score_f32(rows, width, p, actions, weight, out)
  }

  public static func softmaxDivergence(
    count: Int, _ q: UnsafePointer<Float>, _ logq: UnsafePointer<Float>,
    _ logp: UnsafePointer<Float>
  ) -> Double {
    wf_softmax_divergence_f32(count, q, logq, logp)
  }

  public static func gather(
    rows: Int, width: Int, _ x: UnsafePointer<Float>, _ actions: UnsafePointer<Int32>,
    _ out: UnsafeMutablePointer<Float>
  ) {
    wf_gather_f32(rows, width, x, actions, out)
  }

  public static func adam(
    count: Int, _ x: UnsafeMutablePointer<Float>, _ m: UnsafeMutablePointer<Float>,
    _ v: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>, step: Float, beta1: Float,
    beta2: Float, epsilon: Float
  ) {
    wf_adam_f32(count, x, m, v, g, step, beta1, beta2, epsilon)
  }
}
