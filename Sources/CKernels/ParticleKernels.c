#include "include/ParticleKernels.h"
#include "include/MeanFieldKernels.h"
#include <string.h>

#pragma clang fp contract(off)

typedef uint64_t wf_v8 __attribute__((vector_size(64)));

#define K(name) name##_base
#include "ParticleKernels.inc"
#undef K

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define K(name) name##_avx2
#include "ParticleKernels.inc"
#undef K
#pragma clang attribute pop

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define K(name) name##_avx512
#include "ParticleKernels.inc"
#undef K
#pragma clang attribute pop

#define CALL(name, ...)                                                                           \
  const int level = wf_mf_instruction_set();                                                      \
  if (level == 2) return name##_avx512(__VA_ARGS__);                                              \
  if (level == 1) return name##_avx2(__VA_ARGS__);                                                \
  return name##_base(__VA_ARGS__);
#else
#define CALL(name, ...) return name##_base(__VA_ARGS__);
#endif

void wf_lanes_fill(uint64_t *state, uint32_t *words, long blocks) {
  CALL(lanes_fill, state, words, blocks)
}

void wf_malware_advance(long n, int32_t *states, const int32_t *actions, const uint32_t *words,
                        float *rewards, float end, float slope, float repair) {
  CALL(malware_advance, n, states, actions, words, rewards, end, slope, repair)
}

double wf_sum_f32(long n, const float *x) { CALL(sum_f32, n, x) }

void wf_threshold_act(long n, const int32_t *states, int32_t threshold, int32_t *actions) {
  CALL(threshold_act, n, states, threshold, actions)
}
