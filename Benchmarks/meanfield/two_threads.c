// What a second thread can gain on this machine: the same work by one thread and by two.
//   cc -O2 -pthread Benchmarks/meanfield/two_threads.c -o two_threads && ./two_threads
// Prints `arithmetic` (numbers that stay in registers) and `memory` (reading and writing 512 MB) with the
// seconds of one thread, of two, and the gain.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNT = 64 << 20 };
static float *from, *to;
static int threads;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void *arithmetic(void *index) {
  double x[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (long i = 0; i < 200000000 / threads; i++)
    for (int k = 0; k < 8; k++) x[k] = x[k] * 0.999999 + 1e-6;
  volatile double sink = x[0] + x[7] + (long)index;
  (void)sink;
  return NULL;
}

static void *memory(void *index) {
  const long size = COUNT / threads, start = (long)index * size;
  for (int round = 0; round < 4; round++)
    for (long i = start; i < start + size; i++) to[i] = from[i] * 1.0001f + to[i];
  return NULL;
}

static double seconds(void *(*work)(void *), int count) {
  double best = 1e9;
  for (int repeat = 0; repeat < 3; repeat++) {
    pthread_t others[2];
    threads = count;
    const double start = now();
    for (long i = 1; i < count; i++) pthread_create(&others[i], NULL, work, (void *)i);
    work((void *)0);
    for (int i = 1; i < count; i++) pthread_join(others[i], NULL);
    const double time = now() - start;
    if (time < best) best = time;
  }
  return best;
}

int main(void) {
  from = malloc(COUNT * sizeof(float));
  to = malloc(COUNT * sizeof(float));
  memset(from, 1, COUNT * sizeof(float));
  memset(to, 1, COUNT * sizeof(float));
  void *(*work[])(void *) = {arithmetic, memory};
  const char *name[] = {"arithmetic", "memory"};
  for (int i = 0; i < 2; i++) {
    const double one = seconds(work[i], 1), two = seconds(work[i], 2);
    printf("%s\t%.3f\t%.3f\t%.2f\n", name[i], one, two, one / two);
  }
}
