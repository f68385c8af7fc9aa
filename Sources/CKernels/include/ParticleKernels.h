#ifndef WAYFIELD_PARTICLEKERNELS_H
#define WAYFIELD_PARTICLEKERNELS_H
#include <stdint.h>

// Loops over batches of simulated agents. One body (ParticleKernels.inc) is compiled once per
// instruction set and chosen at run time; no multiply-add is contracted, so every instruction set
// gives the same bits.

// Eight xoshiro256++ generators in step: state is [4][8]; each block is 16 words, the low and the
// high half of one output of each generator in turn.
void wf_lanes_fill(uint64_t *state, uint32_t *words, long blocks);

// The malware model's step: x = state; next = round(x + (end - x) u), or 0 where action is 1;
// reward = x * slope, + repair where action is 1. u are the top 23 bits of a word.
void wf_malware_advance(long n, int32_t *states, const int32_t *actions, const uint32_t *words,
                        float *rewards, float end, float slope, float repair);

// Sixteen interleaved partial sums, added up in order in double precision.
double wf_sum_f32(long n, const float *x);

// actions[i] = states[i] >= threshold.
void wf_threshold_act(long n, const int32_t *states, int32_t threshold, int32_t *actions);
#endif
