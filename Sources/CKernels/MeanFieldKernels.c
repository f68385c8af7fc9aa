#include "include/MeanFieldKernels.h"
#include <string.h>

#pragma clang fp contract(off)

// exp and log: argument reduction and polynomials as in fdlibm (Sun Microsystems, 1993), written
// without branches so that they vectorise. Error below 1.5 ulp on normal numbers; exp flushes
// results below 2^-1021 (2^-125 in single precision) to zero; log(0) = -inf, log of a negative
// number is NaN.

static inline __attribute__((always_inline)) double wf_exp_f64(double x) {
  const double shift = 0x1.8p52;
  const double clipped = x < -707.0 ? -707.0 : (x > 709.0 ? 709.0 : x);
  const double shifted = clipped * 0x1.71547652b82fep+0 + shift;
  const double k = shifted - shift;
  double r = clipped - k * 0x1.62e42fee00000p-1;
  r = r - k * 0x1.a39ef35793c76p-33;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * (r * r) + r + 1.0;
  int64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (int64_t)((uint64_t)bits << 52) + ((int64_t)1023 << 52);
  double scale;
  memcpy(&scale, &bits, 8);
  const double y = p * scale;
  return x < -707.0 ? 0.0 : (x > 709.0 ? __builtin_inf() : (x == x ? y : x));
}

static inline __attribute__((always_inline)) float wf_exp_f32(float x) {
  const float shift = 0x1.8p23f;
  const float clipped = x < -86.5f ? -86.5f : (x > 88.0f ? 88.0f : x);
  const float shifted = clipped * 0x1.715476p+0f + shift;
  const float k = shifted - shift;
  float r = clipped - k * 0x1.62e400p-1f;
  r = r - k * 0x1.7f7d1cp-20f;
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * (r * r) + r + 1.0f;
  int32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (int32_t)((uint32_t)bits << 23) + (127 << 23);
  float scale;
  memcpy(&scale, &bits, 4);
  const float y = p * scale;
  return x < -86.5f ? 0.0f : (x > 88.0f ? __builtin_inff() : (x == x ? y : x));
}

static inline __attribute__((always_inline)) double wf_log_f64(double x) {
  // Subnormal numbers are scaled up first.
  const int tiny = x < 0x1p-1022;
  const double scaled = tiny ? x * 0x1p54 : x;
  int64_t bits;
  memcpy(&bits, &scaled, 8);
  // The exponent counts from sqrt(1/2), so that the mantissa lies in [sqrt(1/2), sqrt(2)).
  const int64_t shifted = bits - 0x3fe6a09e667f3bcdLL;
  const int64_t biased = (int64_t)((uint64_t)(shifted + ((int64_t)2048 << 52)) >> 52);
  const int64_t magic = biased | 0x4330000000000000LL;
  double k;
  memcpy(&k, &magic, 8);
  k = k - 0x1p52 - 2048.0 - (tiny ? 54.0 : 0.0);
  const int64_t mantissa = (shifted & 0x000fffffffffffffLL) + 0x3fe6a09e667f3bcdLL;
  double m;
  memcpy(&m, &mantissa, 8);
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double poly = 1.479819860511658591e-01;
  poly = poly * z + 1.531383769920937332e-01;
  poly = poly * z + 1.818357216161805012e-01;
  poly = poly * z + 2.222219843214978396e-01;
  poly = poly * z + 2.857142874366239149e-01;
  poly = poly * z + 3.999999999940941908e-01;
  poly = poly * z + 6.666666666666735130e-01;
  poly = poly * z;
  const double half = 0.5 * f * f;
  const double y =
      k * 6.93147180369123816490e-01 -
      ((half - (s * (half + poly) + k * 1.90821492927058770002e-10)) - f);
  const double special = x == 0 ? -__builtin_inf() : __builtin_nan("");
  return x > 0 ? (x < __builtin_inf() ? y : x) : special;
}

static inline __attribute__((always_inline)) float wf_log_f32(float x) {
  const int tiny = x < 0x1p-126f;
  const float scaled = tiny ? x * 0x1p25f : x;
  int32_t bits;
  memcpy(&bits, &scaled, 4);
  const int32_t shifted = bits - 0x3f3504f3;
  const float k = (float)(shifted >> 23) - (tiny ? 25.0f : 0.0f);
  const int32_t mantissa = (shifted & 0x007fffff) + 0x3f3504f3;
  float m;
  memcpy(&m, &mantissa, 4);
  const float f = m - 1.0f;
  const float s = f / (2.0f + f);
  const float z = s * s;
  float poly = 0.24279078841f;
  poly = poly * z + 0.28498786688f;
  poly = poly * z + 0.40000972152f;
  poly = poly * z + 0.66666662693f;
  poly = poly * z;
  const float half = 0.5f * f * f;
  const float y = k * 6.9313812256e-01f -
                  ((half - (s * (half + poly) + k * 9.0580006145e-06f)) - f);
  const float special = x == 0 ? -__builtin_inff() : __builtin_nanf("");
  return x > 0 ? (x < __builtin_inff() ? y : x) : special;
}

#define T double
#define EXP wf_exp_f64
#define LOG wf_log_f64
#define K(name) name##_f64_base
#include "MeanFieldKernels.inc"
#undef K
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define K(name) name##_f64_avx2
#include "MeanFieldKernels.inc"
#undef K
#pragma clang attribute pop
#pragma clang attribute push(                                                                     \
    __attribute__((target("avx2,avx512f,avx512dq,avx512bw,avx512vl,prefer-256-bit"))),            \
    apply_to = function)
#define K(name) name##_f64_avx512
#include "MeanFieldKernels.inc"
#undef K
#pragma clang attribute pop
#endif
#undef T
#undef EXP
#undef LOG

#define T float
#define EXP wf_exp_f32
#define LOG wf_log_f32
#define K(name) name##_f32_base
#include "MeanFieldKernels.inc"
#undef K
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define K(name) name##_f32_avx2
#include "MeanFieldKernels.inc"
#undef K
#pragma clang attribute pop
#pragma clang attribute push(                                                                     \
    __attribute__((target("avx2,avx512f,avx512dq,avx512bw,avx512vl,prefer-256-bit"))),            \
    apply_to = function)
#define K(name) name##_f32_avx512
#include "MeanFieldKernels.inc"
#undef K
#pragma clang attribute pop
#endif
#undef T
#undef EXP
#undef LOG

static int wf_limit = 2;

void wf_mf_force(int level) { __atomic_store_n(&wf_limit, level, __ATOMIC_RELAXED); }

int wf_mf_instruction_set(void) {
#if defined(__x86_64__)
  const int limit = __atomic_load_n(&wf_limit, __ATOMIC_RELAXED);
  if (limit >= 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return 2;
  if (limit >= 1 && __builtin_cpu_supports("avx2")) return 1;
#endif
  return 0;
}

#if defined(__x86_64__)
#define CALL(name, S, ...)                                                                        \
  const int level = wf_mf_instruction_set();                                                      \
  if (level == 2) return name##_##S##_avx512(__VA_ARGS__);                                        \
  if (level == 1) return name##_##S##_avx2(__VA_ARGS__);                                          \
  return name##_##S##_base(__VA_ARGS__);
#else
#define CALL(name, S, ...) return name##_##S##_base(__VA_ARGS__);
#endif

#define WF_DEFINE(T, S)                                                                           \
  void wf_mf_exp_##S(long n, const T *x, T *out) { CALL(exp, S, n, x, out) }                      \
  void wf_mf_log_##S(long n, const T *x, T *out) { CALL(log, S, n, x, out) }                      \
  void wf_mf_crowd_##S(long n, T offset, const T *x, T *out) {                                    \
    CALL(crowd, S, n, offset, x, out)                                                             \
  }                                                                                               \
  void wf_mf_softmax_##S(long n, long stride, long actions, const T *y, T *out) {                 \
    CALL(softmax, S, n, stride, actions, y, out)                                                  \
  }                                                                                               \
  void wf_mf_ascend_##S(long n, long stride, long actions, T rate, const T *q, T *y, int ascend_, \
                        T *out) {                                                                 \
    CALL(ascend, S, n, stride, actions, rate, q, y, ascend_, out)                                 \
  }                                                                                               \
  void wf_mf_joint_##S(long n, long stride, long actions, const T *mu, const T *pi, T *out) {     \
    CALL(joint, S, n, stride, actions, mu, pi, out)                                               \
  }                                                                                               \
  void wf_mf_gather_##S(long n, const int32_t *next, const T *v, T *out) {                        \
    CALL(gather, S, n, next, v, out)                                                              \
  }                                                                                               \
  void wf_mf_ell_##S(long n, long width, long slot_stride, const int32_t *next, const T *p,       \
                     const T *v, T *out) {                                                        \
    CALL(ell, S, n, width, slot_stride, next, p, v, out)                                          \
  }                                                                                               \
  void wf_mf_csr_##S(long n, const int32_t *offsets, const int32_t *next, const T *p, const T *v, \
                     T *out) {                                                                    \
    CALL(csr, S, n, offsets, next, p, v, out)                                                     \
  }                                                                                               \
  void wf_mf_push_##S(long n, long width, long slot_stride, const int32_t *next, const T *p,      \
                      const T *mass, T *out) {                                                    \
    CALL(push, S, n, width, slot_stride, next, p, mass, out)                                      \
  }                                                                                               \
  void wf_mf_backup_##S(long n, long stride, long actions, const T *r, long r_stride,             \
                        const T *pi, T *q, T *v) {                                                \
    CALL(backup, S, n, stride, actions, r, r_stride, pi, q, v)                                    \
  }                                                                                               \
  void wf_mf_backup_best_##S(long n, long stride, long actions, const T *r, long r_stride,        \
                             const T *mask, T *q, T *v) {                                         \
    CALL(backup_best, S, n, stride, actions, r, r_stride, mask, q, v)                             \
  }                                                                                               \
  void wf_mf_soft_value_##S(long n, long stride, long actions, T temperature, const T *q,         \
                            const T *prior, T *v) {                                               \
    CALL(soft_value, S, n, stride, actions, temperature, q, prior, v)                             \
  }                                                                                               \
  void wf_mf_entropy_##S(long n, long stride, long actions, T weight, const T *pi, T *v) {        \
    CALL(entropy, S, n, stride, actions, weight, pi, v)                                           \
  }                                                                                               \
  void wf_mf_greedy_##S(long n, long stride, long actions, T tolerance, const T *q,               \
                        const T *mask, T *out) {                                                  \
    CALL(greedy, S, n, stride, actions, tolerance, q, mask, out)                                  \
  }                                                                                               \
  void wf_mf_average_##S(long n, long stride, long actions, T weight, const T *mu, const T *pi,   \
                         const T *mu_new, const T *pi_new, const T *unvisited, T *out) {          \
    CALL(average, S, n, stride, actions, weight, mu, pi, mu_new, pi_new, unvisited, out)          \
  }                                                                                               \
  void wf_mf_combine_##S(long n, T a, const T *x, T b, const T *y, T *out) {                      \
    CALL(combine, S, n, a, x, b, y, out)                                                          \
  }                                                                                               \
  double wf_mf_gap_##S(long n, const T *mu, const T *best, const T *value) {                      \
    CALL(gap, S, n, mu, best, value)                                                              \
  }

WF_DEFINE(double, f64)
WF_DEFINE(float, f32)
