import CKernels

/// The number types that networks compute in: `Float` and `Double`.
///
/// Each requirement is one kernel of `CKernels`; pointers carry an element offset so that callers
/// pass whole arrays. All results are independent of batch size and instruction set.
public protocol NetworkScalar: BinaryFloatingPoint, Codable, Sendable, Hashable {
  /// `C = A·B`, with what the flags add; see `wf_gemm_f32`.
  static func product(
    _ kernels: KernelSet, rows: Int, columns: Int, depth: Int,
    _ a: UnsafePointer<Self>, _ aRow: Int, _ aColumn: Int,
    _ b: UnsafePointer<Self>, _ bOffset: Int, _ bRow: Int, _ bColumn: Int,
    biasOffset: Int?, flags: Int, _ c: UnsafeMutablePointer<Self>, _ cOffset: Int, _ cRow: Int)
  static func sparseForward(
    _ kernels: KernelSet, rows: Int, active: Int, width: Int, _ index: UnsafePointer<Int32>,
    _ values: UnsafePointer<Self>?, _ weights: UnsafePointer<Self>, _ offset: Int,
    biasOffset: Int, _ out: UnsafeMutablePointer<Self>, relu: Bool)
  static func sparseBackward(
    _ kernels: KernelSet, rows: Int, active: Int, width: Int, _ index: UnsafePointer<Int32>,
    _ values: UnsafePointer<Self>?, _ d: UnsafePointer<Self>,
    _ gradient: UnsafeMutablePointer<Self>,
    _ offset: Int)
  static func columnSums(
    _ kernels: KernelSet, rows: Int, width: Int, _ d: UnsafePointer<Self>,
    _ sums: UnsafeMutablePointer<Self>, _ offset: Int)
  static func rectifierMask(
    _ kernels: KernelSet, count: Int, _ y: UnsafePointer<Self>, _ d: UnsafeMutablePointer<Self>)
  static func addScaled(
    _ kernels: KernelSet, count: Int, _ s: Self, _ x: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>)
  static func dot(
    _ kernels: KernelSet, count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>
  ) -> Double
  static func softmax(
    rows: Int, width: Int, _ mask: UnsafePointer<UInt8>?, _ logits: UnsafePointer<Self>,
    _ p: UnsafeMutablePointer<Self>, _ logp: UnsafeMutablePointer<Self>)
  static func softmaxFisher(
    rows: Int, width: Int, _ p: UnsafePointer<Self>, _ weight: UnsafePointer<Self>,
    _ v: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  static func softmaxScore(
    rows: Int, width: Int, _ p: UnsafePointer<Self>, _ actions: UnsafePointer<Int32>,
    _ weight: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>)
  static func softmaxDivergence(
    count: Int, _ q: UnsafePointer<Self>, _ logq: UnsafePointer<Self>, _ logp: UnsafePointer<Self>
  ) -> Double
  static func gather(
    rows: Int, width: Int, _ x: UnsafePointer<Self>, _ actions: UnsafePointer<Int32>,
    _ out: UnsafeMutablePointer<Self>)
  static func adam(
    count: Int, _ x: UnsafeMutablePointer<Self>, _ m: UnsafeMutablePointer<Self>,
    _ v: UnsafeMutablePointer<Self>, _ g: UnsafePointer<Self>, step: Self, beta1: Self,
    beta2: Self, epsilon: Self)
}

/// Which body of the kernels runs; the bits of a result do not depend on it.
public enum KernelSet: String, Sendable, Hashable, CaseIterable, Codable {
  case portable, avx2, avx512

  /// The fastest one that this processor has, or what `WAYFIELD_KERNELS` names.
  public static let best: KernelSet = {
    switch wf_kernel_set_best() {
    case WFKernelSetAVX512: .avx512
    case WFKernelSetAVX2: .avx2
    default: .portable
    }
  }()

  public var isAvailable: Bool { wf_kernel_set_available(c) != 0 }

  var c: WFKernelSet {
    switch self {
    case .portable: WFKernelSetPortable
    case .avx2: WFKernelSetAVX2
    case .avx512: WFKernelSetAVX512
    }
  }
}

/// The flags of `NetworkScalar.product`.
enum ProductFlag {
  static let add = Int(WF_GEMM_ADD)
  static let bias = Int(WF_GEMM_BIAS)
  static let rectify = Int(WF_GEMM_RELU)
}
