#ifndef WAYFIELD_NETWORK_KERNELS_H
#define WAYFIELD_NETWORK_KERNELS_H
#include <stddef.h>
#include <stdint.h>

// Dense and sparse layers for small networks.
//
// Every output element is ONE chain of fused multiply-adds over k in ascending order, whatever the
// tile, the instruction set or the number of rows, and is never −0. So a row's result does not depend
// on the batch that it is part of, and all bodies give the same bits. Terms with a zero in A may be left
// out, which changes no bit. The bodies are compiled from one template (NetworkKernels.inc), once for
// each instruction set.

#ifdef __cplusplus
extern "C" {
#endif

/// Which body runs: the caller passes it, so that tests can compare bodies in one process.
typedef enum : int32_t {
  WFKernelSetPortable = 0,
  WFKernelSetAVX2 = 1,
  WFKernelSetAVX512 = 2
} WFKernelSet;

/// Whether this processor can run a body.
int32_t wf_kernel_set_available(WFKernelSet set);
/// The fastest available body; the environment variable WAYFIELD_KERNELS (portable, avx2, avx512)
/// overrides the choice where that body is available.
WFKernelSet wf_kernel_set_best(void);

/// What a product starts from and ends with.
enum {
  WF_GEMM_ADD = 1,   ///< C += A·B (the chain starts at C) instead of C = A·B
  WF_GEMM_BIAS = 2,  ///< the chain starts at bias[j]
  WF_GEMM_RELU = 4   ///< C = max(0, ·) at the end of the chain
};

/// C[i,j] = Σ_k A[i,k]·B[k,j], with A[i,k] at a[i*a_row + k*a_col], B[k,j] at b[k*b_row + j*b_col]
/// and C[i,j] at c[i*c_row + j]. C overlaps neither A nor B.
void wf_gemm_f32(
  WFKernelSet set, size_t rows, size_t columns, size_t depth, const float *a, size_t a_row,
  size_t a_col, const float *b, size_t b_row, size_t b_col, const float *bias, float *c,
  size_t c_row, int32_t flags);
void wf_gemm_f64(
  WFKernelSet set, size_t rows, size_t columns, size_t depth, const double *a, size_t a_row,
  size_t a_col, const double *b, size_t b_row, size_t b_col, const double *bias, double *c,
  size_t c_row, int32_t flags);

#define WF_DECLARE(T, S)                                                                           \
  /** out[r,·] = bias + Σ_s values[r,s]·w[index[r,s],·]; a negative index adds nothing; `values`   \
      null means ones; `bias` null means zero. */                                                  \
  void wf_sparse_forward_##S(                                                                      \
    WFKernelSet set, size_t rows, size_t active, size_t width, const int32_t *index,               \
    const T *values, const T *w, const T *bias, T *out, int32_t relu);                             \
  /** dw[index[r,s],·] += values[r,s]·d[r,·], rows in ascending order. */                          \
  void wf_sparse_backward_##S(                                                                     \
    WFKernelSet set, size_t rows, size_t active, size_t width, const int32_t *index,               \
    const T *values, const T *d, T *dw);                                                           \
  /** sums[j] += Σ_r d[r,j], rows in ascending order. */                                           \
  void wf_column_sums_##S(WFKernelSet set, size_t rows, size_t width, const T *d, T *sums);        \
  /** d[i] = 0 where the layer's output y[i] is not positive. */                                   \
  void wf_relu_mask_##S(WFKernelSet set, size_t count, const T *y, T *d);                          \
  /** y[i] = y[i] + s·x[i], fused. */                                                              \
  void wf_add_scaled_##S(WFKernelSet set, size_t count, T s, const T *x, T *y);                    \
  /** Σ x[i]·y[i] in double precision: eight partial sums, joined in a fixed order. */             \
  double wf_dot_##S(WFKernelSet set, size_t count, const T *x, const T *y);                        \
  /** p = softmax of the logits whose mask is not 0 (`mask` null: all); the rest of p and of       \
      `logp` (which may be null) is 0. A row without any allowed entry is 0. */                    \
  void wf_softmax_##S(                                                                             \
    size_t rows, size_t width, const uint8_t *mask, const T *logits, T *p, T *logp);               \
  /** out[r,a] = weight[r]·([a = actions[r]] − p[r,a]): the gradient of a log-likelihood. */       \
  void wf_softmax_score_##S(                                                                       \
    size_t rows, size_t width, const T *p, const int32_t *actions, const T *weight, T *out);       \
  /** Σ over rows and actions of q·(log q − log p) − q + p, in double precision; q = 0 adds 0. */  \
  double wf_softmax_divergence_##S(size_t count, const T *q, const T *logq, const T *logp);        \
  /** out[r] = x[r, actions[r]]. */                                                                \
  void wf_gather_##S(size_t rows, size_t width, const T *x, const int32_t *actions, T *out);       \
  /** out[r,a] = weight[r]·p[r,a]·(v[r,a] − Σ_b p[r,b]·v[r,b]): the Fisher matrix of a softmax. */ \
  void wf_softmax_fisher_##S(                                                                      \
    size_t rows, size_t width, const T *p, const T *weight, const T *v, T *out);

WF_DECLARE(float, f32)
WF_DECLARE(double, f64)
#undef WF_DECLARE

/// One step of Adam on a flat vector; see Learning/Adam.swift for the formula.
void wf_adam_f32(
  size_t count, float *x, float *m, float *v, const float *g, float step, float beta1, float beta2,
  float epsilon);
void wf_adam_f64(
  size_t count, double *x, double *m, double *v, const double *g, double step, double beta1,
  double beta2, double epsilon);

#ifdef __cplusplus
}
#endif
#endif
