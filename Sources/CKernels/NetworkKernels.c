#include "NetworkKernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Contraction is off: a fused multiply-add happens where the text says so and nowhere else.
#pragma clang fp contract(off)

#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define FMAD(a, b, c) __builtin_fma(a, b, c)
#define JOIN_(a, b, c) wf_##a##_##b##_##c
#define JOIN(a, b, c) JOIN_(a, b, c)
#define NAME(x) JOIN(x, SET, KIND)
#define MR 6

// ---- the bodies -------------------------------------------------------------------------------
#define SET portable
#define VB 16
#define NV 2
#define T float
#define KIND f32
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "NetworkKernels.inc"
#undef T
#undef KIND
#undef FMA1
#define T double
#define KIND f64
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#include "NetworkKernels.inc"
#undef T
#undef KIND
#undef FMA1
#undef SET
#undef VB
#undef NV

#if defined(__x86_64__)
#define WF_X86 1
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SET avx2
#define VB 32
#define NV 2
#define T float
#define KIND f32
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "NetworkKernels.inc"
#undef T
#undef KIND
#undef FMA1
#define T double
#define KIND f64
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#include "NetworkKernels.inc"
#undef T
#undef KIND
#undef FMA1
#undef SET
#undef VB
#undef NV
#pragma clang attribute pop

#pragma clang attribute push(                                                                      \
  __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
// What NetworkSkips.inc asks for, sixteen or eight words at a time. A whole vector is stored at each
// place of the list, beyond its end too, so it is made in a wider copy.
#define LISTED_ELSEWHERE
static size_t wf_listed_avx512_f32(size_t count, const uint32_t *any, uint8_t *list) {
  uint8_t wide[256 + 16];
  size_t n = 0;
  for (size_t k = 0; k < count; k += 16) {
    const size_t left = count - k;
    const __mmask16 valid = left < 16 ? (__mmask16)((1u << left) - 1) : (__mmask16)0xFFFF;
    const __mmask16 live = _mm512_mask_test_epi32_mask(
      valid, _mm512_maskz_loadu_epi32(valid, any + k), _mm512_set1_epi32(-1));
    const __m512i places = _mm512_add_epi32(
      _mm512_set1_epi32((int)k),
      _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    _mm_storeu_si128(
      (__m128i *)(wide + n), _mm512_cvtepi32_epi8(_mm512_maskz_compress_epi32(live, places)));
    n += (size_t)__builtin_popcount(live);
  }
  memcpy(list, wide, n);
  return n;
}
static size_t wf_listed_avx512_f64(size_t count, const uint64_t *any, uint8_t *list) {
  uint8_t wide[256 + 8];
  size_t n = 0;
  for (size_t k = 0; k < count; k += 8) {
    const size_t left = count - k;
    const __mmask8 valid = left < 8 ? (__mmask8)((1u << left) - 1) : (__mmask8)0xFF;
    const __mmask8 live = _mm512_mask_test_epi64_mask(
      valid, _mm512_maskz_loadu_epi64(valid, any + k), _mm512_set1_epi64(-1));
    const __m512i places = _mm512_add_epi64(
      _mm512_set1_epi64((long long)k), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    _mm_storel_epi64(
      (__m128i *)(wide + n), _mm512_cvtepi64_epi8(_mm512_maskz_compress_epi64(live, places)));
    n += (size_t)__builtin_popcount(live);
  }
  memcpy(list, wide, n);
  return n;
}

#define SET avx512
#define VB 64
#define NV 4
#define T float
#define KIND f32
#define FMA1(a, b, c) __builtin_fmaf(a, b, c)
#include "NetworkKernels.inc"
#undef T
#undef KIND
#undef FMA1
#define T double
#define KIND f64
#define FMA1(a, b, c) __builtin_fma(a, b, c)
#include "NetworkKernels.inc"
#undef T
#undef KIND
#undef FMA1
#undef SET
#undef VB
#undef NV
#pragma clang attribute pop
#endif

// ---- the choice -------------------------------------------------------------------------------
int32_t wf_kernel_set_available(WFKernelSet set) {
  if (set == WFKernelSetPortable) return 1;
#ifdef WF_X86
  __builtin_cpu_init();
  if (set == WFKernelSetAVX2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (set == WFKernelSetAVX512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("fma");
#endif
  return 0;
}

WFKernelSet wf_kernel_set_best(void) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  const char *wanted = getenv("WAYFIELD_KERNELS");
  for (int32_t s = 0; wanted && s <= WFKernelSetAVX512; s++)
    if (strcmp(wanted, names[s]) == 0 && wf_kernel_set_available((WFKernelSet)s))
      return (WFKernelSet)s;
  for (int32_t s = WFKernelSetAVX512; s > WFKernelSetPortable; s--)
    if (wf_kernel_set_available((WFKernelSet)s)) return (WFKernelSet)s;
  return WFKernelSetPortable;
}

#ifdef WF_X86
#define DISPATCH(f, k, ...)                                                                        \
  switch (set) {                                                                                   \
    case WFKernelSetAVX512: return wf_##f##_avx512_##k(__VA_ARGS__);                               \
    case WFKernelSetAVX2: return wf_##f##_avx2_##k(__VA_ARGS__);                                   \
    default: return wf_##f##_portable_##k(__VA_ARGS__);                                            \
  }
#else
#define DISPATCH(f, k, ...)                                                                        \
  (void)set;                                                                                       \
  return wf_##f##_portable_##k(__VA_ARGS__);
#endif

#define DEFINE(T, k)                                                                               \
  void wf_gemm_##k(                                                                                \
    WFKernelSet set, size_t rows, size_t columns, size_t depth, const T *a, size_t ar, size_t ac,  \
    const T *b, size_t br, size_t bc, const T *bias, T *c, size_t cr, int32_t flags) {             \
    DISPATCH(gemm, k, rows, columns, depth, a, ar, ac, b, br, bc, bias, c, cr, flags)              \
  }                                                                                                \
  void wf_sparse_forward_##k(                                                                      \
    WFKernelSet set, size_t rows, size_t active, size_t width, const int32_t *index,               \
    const T *values, const T *w, const T *bias, T *out, int32_t relu) {                            \
    DISPATCH(sparse_forward, k, rows, active, width, index, values, w, bias, out, relu)            \
  }                                                                                                \
  void wf_sparse_backward_##k(                                                                     \
    WFKernelSet set, size_t rows, size_t active, size_t width, const int32_t *index,               \
    const T *values, const T *d, T *dw) {                                                          \
    DISPATCH(sparse_backward, k, rows, active, width, index, values, d, dw)                        \
  }                                                                                                \
  void wf_column_sums_##k(WFKernelSet set, size_t rows, size_t width, const T *d, T *sums) {       \
    DISPATCH(column_sums, k, rows, width, d, sums)                                                 \
  }                                                                                                \
  void wf_relu_mask_##k(WFKernelSet set, size_t count, const T *y, T *d) {                         \
    DISPATCH(relu_mask, k, count, y, d)                                                            \
  }                                                                                                \
  void wf_add_scaled_##k(WFKernelSet set, size_t count, T s, const T *x, T *y) {                   \
    DISPATCH(add_scaled, k, count, s, x, y)                                                        \
  }                                                                                                \
  double wf_dot_##k(WFKernelSet set, size_t count, const T *x, const T *y) {                       \
    DISPATCH(dot, k, count, x, y)                                                                  \
  }                                                                                                \
  void wf_softmax_##k(                                                                             \
    size_t rows, size_t width, const uint8_t *mask, const T *logits, T *p, T *logp) {              \
    for (size_t r = 0; r < rows; r++) {                                                            \
      const uint8_t *m = mask ? mask + r * width : 0;                                              \
      const T *z = logits + r * width;                                                             \
      T *q = p + r * width, top = 0, sum = 0;                                                      \
      int any = 0;                                                                                 \
      for (size_t a = 0; a < width; a++)                                                           \
        if ((!m || m[a]) && (!any || z[a] > top)) {                                                \
          top = z[a];                                                                              \
          any = 1;                                                                                 \
        }                                                                                          \
      for (size_t a = 0; a < width; a++) {                                                         \
        q[a] = !m || m[a] ? (T)exp((double)(z[a] - top)) : 0;                                      \
        sum += q[a];                                                                               \
      }                                                                                            \
      const T log_sum = any ? (T)log((double)sum) : 0, scale = any ? 1 / sum : 0;                  \
      for (size_t a = 0; a < width; a++) {                                                         \
        if (logp) logp[r * width + a] = !m || m[a] ? (z[a] - top) - log_sum : 0;                   \
        q[a] *= scale;                                                                             \
      }                                                                                            \
    }                                                                                              \
  }                                                                                                \
  void wf_softmax_score_##k(                                                                       \
    size_t rows, size_t width, const T *p, const int32_t *actions, const T *weight, T *out) {      \
    for (size_t r = 0; r < rows; r++)                                                              \
      for (size_t a = 0; a < width; a++) {                                                         \
        const T indicator = (int32_t)a == actions[r] ? 1 : 0;                                      \
        out[r * width + a] = weight[r] * (indicator - p[r * width + a]);                           \
      }                                                                                            \
  }                                                                                                \
  double wf_softmax_divergence_##k(size_t count, const T *q, const T *logq, const T *logp) {       \
    double sum = 0;                                                                                \
    for (size_t i = 0; i < count; i++) {                                                           \
      if (!(q[i] > 0)) continue;                                                                   \
      const double l = (double)logq[i] - (double)logp[i];                                          \
      sum += (double)q[i] * (l + expm1(-l));                                                       \
    }                                                                                              \
    return sum;                                                                                    \
  }                                                                                                \
  void wf_gather_##k(size_t rows, size_t width, const T *x, const int32_t *actions, T *out) {      \
    for (size_t r = 0; r < rows; r++) out[r] = x[r * width + (size_t)actions[r]];                  \
  }                                                                                                \
  void wf_softmax_fisher_##k(                                                                      \
    size_t rows, size_t width, const T *p, const T *weight, const T *v, T *out) {                  \
    for (size_t r = 0; r < rows; r++) {                                                            \
      T mean = 0;                                                                                  \
      const T *q = p + r * width, *x = v + r * width;                                              \
      for (size_t a = 0; a < width; a++) mean += q[a] * x[a];                                      \
      for (size_t a = 0; a < width; a++) out[r * width + a] = weight[r] * q[a] * (x[a] - mean);    \
    }                                                                                              \
  }                                                                                                \
  void wf_adam_##k(                                                                                \
    size_t count, T *x, T *m, T *v, const T *g, T step, T beta1, T beta2, T epsilon) {             \
    for (size_t i = 0; i < count; i++) {                                                           \
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];                                                    \
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];                                             \
      x[i] -= step * m[i] / ((T)sqrt((double)v[i]) + epsilon);                                     \
    }                                                                                              \
  }

DEFINE(float, f32)
DEFINE(double, f64)
