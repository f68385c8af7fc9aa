#ifndef WAYFIELD_MEANFIELDKERNELS_H
#define WAYFIELD_MEANFIELDKERNELS_H
#include <stdint.h>

// Loops of the finite-horizon mean-field games, in double and single precision. One body
// (MeanFieldKernels.inc) is compiled once per instruction set and chosen at run time. No
// multiply-add is contracted, so every instruction set gives the same bits.
//
// Layout: a table over actions and states keeps states together; entry (a, i) is at
// a * stride + i. `n` states are treated, starting at the pointers given.

#define WF_DECLARE(T, S)                                                                          \
  void wf_mf_exp_##S(long n, const T *x, T *out);                                                 \
  void wf_mf_log_##S(long n, const T *x, T *out);                                                 \
  /* out = -log(x + offset) */                                                                    \
  void wf_mf_crowd_##S(long n, T offset, const T *x, T *out);                                     \
  /* out = softmax over actions of y + rate * q; y += rate * q where `ascend` is set */           \
  void wf_mf_softmax_##S(long n, long stride, long actions, const T *y, T *out);                  \
  void wf_mf_ascend_##S(long n, long stride, long actions, T rate, const T *q, T *y, int ascend,  \
                        T *out);                                                                  \
  void wf_mf_joint_##S(long n, long stride, long actions, const T *mu, const T *pi, T *out);      \
  void wf_mf_gather_##S(long n, const int32_t *next, const T *v, T *out);                         \
  void wf_mf_ell_##S(long n, long width, long slot_stride, const int32_t *next, const T *p,       \
                     const T *v, T *out);                                                         \
  void wf_mf_csr_##S(long n, const int32_t *offsets, const int32_t *next, const T *p, const T *v, \
                     T *out);                                                                     \
  void wf_mf_push_##S(long n, long width, long slot_stride, const int32_t *next, const T *p,      \
                      const T *mass, T *out);                                                     \
  void wf_mf_backup_##S(long n, long stride, long actions, const T *r, long r_stride,             \
                        const T *pi, T *q, T *v);                                                 \
  void wf_mf_backup_best_##S(long n, long stride, long actions, const T *r, long r_stride,        \
                             const T *mask, T *q, T *v);                                          \
  /* v = temperature * log sum_a exp(prior + q / temperature) */                                  \
  void wf_mf_soft_value_##S(long n, long stride, long actions, T temperature, const T *q,         \
                            const T *prior, T *v);                                                \
  /* v -= weight * sum_a pi log pi */                                                             \
  void wf_mf_entropy_##S(long n, long stride, long actions, T weight, const T *pi, T *v);         \
  void wf_mf_greedy_##S(long n, long stride, long actions, T tolerance, const T *q,               \
                        const T *mask, T *out);                                                   \
  void wf_mf_average_##S(long n, long stride, long actions, T weight, const T *mu, const T *pi,   \
                         const T *mu_new, const T *pi_new, const T *unvisited, T *out);           \
  void wf_mf_combine_##S(long n, T a, const T *x, T b, const T *y, T *out);                       \
  double wf_mf_gap_##S(long n, const T *mu, const T *best, const T *value);

WF_DECLARE(double, f64)
WF_DECLARE(float, f32)
#undef WF_DECLARE

// The instruction set in use: 0 portable, 1 AVX2, 2 AVX-512. `wf_mf_force` limits it (tests).
int wf_mf_instruction_set(void);
void wf_mf_force(int level);
#endif
