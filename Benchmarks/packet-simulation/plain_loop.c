/* A plain C loop over the same packet world: the limit that `wayfield bench packet-simulation` is
 * set beside. Ring buffers for queues, a wheel for packets under way, Poisson arrivals by
 * exponential gaps, the next hop from a table; it counts delivered packets, their delays, a delay
 * histogram, packets per pair and the backlog, as Wayfield does, but has no failures, capacities,
 * replicas or events.
 *
 * usage: plain_loop TICKS RATE < network
 * network: routers arcs; then per arc "source target latency" (sorted by source); then the
 * routers x routers table of slots (-1 on the diagonal).
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct { int32_t created; uint16_t source, destination; } Packet;
typedef struct { Packet packet; int32_t target; } Flying;
typedef struct { Packet *ring; uint32_t head, tail, mask; } Queue;
typedef struct { Flying *items; int count, capacity; } Bucket;
typedef struct { uint64_t s[4]; } Stream;

static inline uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
static inline uint64_t next(Stream *r) {
  uint64_t *s = r->s, result = rotl(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 45);
  return result;
}
static inline double positive(Stream *r) { return ((next(r) >> 11) + 1) * 0x1p-53; }
static void push(Queue *q, Packet p) {
  if (q->tail - q->head > q->mask) {
    uint32_t size = q->mask + 1;
    Packet *ring = malloc(2 * size * sizeof(Packet));
    for (uint32_t i = 0; i < size; i++) ring[i] = q->ring[(q->head + i) & q->mask];
    free(q->ring);
    q->ring = ring; q->head = 0; q->tail = size; q->mask = 2 * size - 1;
  }
  q->ring[q->tail++ & q->mask] = p;
}

int main(int argc, char **argv) {
  int ticks = argc > 1 ? atoi(argv[1]) : 1000000;
  double rate = argc > 2 ? atof(argv[2]) : 0.09;
  int n, m;
  if (scanf("%d %d", &n, &m) != 2) return 2;
  int *first = calloc(n + 1, sizeof(int)), *target = malloc(m * sizeof(int));
  int *latency = malloc(m * sizeof(int)), longest = 1;
  for (int a = 0; a < m; a++) {
    int s;
    if (scanf("%d %d %d", &s, &target[a], &latency[a]) != 3) return 2;
    first[s + 1]++;
    if (latency[a] > longest) longest = latency[a];
  }
  for (int r = 0; r < n; r++) first[r + 1] += first[r];
  int *slot = malloc(n * n * sizeof(int));
  for (int i = 0; i < n * n; i++) if (scanf("%d", &slot[i]) != 1) return 2;
  int wheel = 1;
  while (wheel < longest + 1) wheel *= 2;
  Bucket *buckets = calloc(wheel, sizeof(Bucket));
  Queue *queues = calloc(n, sizeof(Queue));
  Stream *streams = malloc(n * sizeof(Stream));
  double *arrival = malloc(n * sizeof(double));
  for (int r = 0; r < n; r++) {
    queues[r].mask = 15;
    queues[r].ring = malloc(16 * sizeof(Packet));
    for (int k = 0; k < 4; k++) streams[r].s[k] = 0x9E3779B97F4A7C15ull * (4 * r + k + 1);
    for (int k = 0; k < 20; k++) next(&streams[r]);
    arrival[r] = -log(positive(&streams[r])) / rate;
  }
  int *histogram = calloc(ticks + 1, sizeof(int));
  int *born = calloc(n * n, sizeof(int)), *arrived = calloc(n * n, sizeof(int));
  long hops = 0, delivered = 0, delays = 0, present = 0, backlog = 0, generated = 0;
  clock_t start = clock();
  for (int tick = 0; tick < ticks; tick++) {
    for (int r = 0; r < n; r++) {
      Queue *q = &queues[r];
      while (arrival[r] < tick + 1) {
        int d = (int)(((unsigned __int128)next(&streams[r]) * (n - 1)) >> 64);
        if (d >= r) d++;
        push(q, (Packet){tick, (uint16_t)r, (uint16_t)d});
        born[r * n + d]++;
        generated++;
        present++;
        arrival[r] += -log(positive(&streams[r])) / rate;
      }
      if (q->head != q->tail) {
        Packet p = q->ring[q->head++ & q->mask];
        int arc = first[r] + slot[r * n + p.destination];
        Bucket *b = &buckets[(tick + latency[arc]) & (wheel - 1)];
        if (b->count == b->capacity) {
          b->capacity = b->capacity ? 2 * b->capacity : 64;
          b->items = realloc(b->items, b->capacity * sizeof(Flying));
        }
        b->items[b->count++] = (Flying){p, target[arc]};
        hops++;
      }
    }
    Bucket *b = &buckets[tick & (wheel - 1)];
    for (int i = 0; i < b->count; i++) {
      Flying f = b->items[i];
      if (f.target == f.packet.destination) {
        int delay = tick - f.packet.created;
        delivered++;
        delays += delay;
        histogram[delay]++;
        arrived[f.packet.source * n + f.packet.destination]++;
        present--;
      } else {
        push(&queues[f.target], f.packet);
      }
    }
    b->count = 0;
    backlog += present;
  }
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  printf("{\"hops\": %ld, \"generated\": %ld, \"delivered\": %ld, \"meanDelay\": %.4f, "
         "\"cpuSeconds\": %.4f, \"millionHopsPerSecond\": %.2f}\n",
         hops, generated, delivered, (double)delays / delivered, seconds, hops / seconds / 1e6);
  return 0;
}
