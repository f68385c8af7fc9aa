// Matrix products M×128×128 by our kernels, and by OpenBLAS and libxsmm where they are installed, of dense
// rows and of rows as a deep rectified layer leaves them. Built and run by products.sh; prints one line
// per size: GFLOP/s of each, every multiply-add counted, those with zero too.
#include "NetworkKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef HAVE_OPENBLAS
#include <cblas.h>
#endif
#ifdef HAVE_LIBXSMM
#include <libxsmm.h>
#endif

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float a[2048 * 128], b[128 * 128], c[2048 * 128];

static void ours(int m) {
  wf_gemm_f32(
    wf_kernel_set_best(), (size_t)m, 128, 128, a, 128, 1, b, 128, 1, 0, c, 128, 0);
}

#ifdef HAVE_OPENBLAS
static void openblas(int m) {
  cblas_sgemm(
    CblasRowMajor, CblasNoTrans, CblasNoTrans, m, 128, 128, 1, a, 128, b, 128, 0, c, 128);
}
#endif

#ifdef HAVE_LIBXSMM
static void xsmm(int m) {
  const float one = 1, zero = 0;
  const int n = 128;
  libxsmm_sgemm("N", "N", &n, &m, &n, &one, b, &n, a, &n, &zero, c, &n);
}
#endif

static double rate(void (*product)(int), int m) {
  double best = 0;
  for (int round = 0; round < 5; round++) {
    long count = 0;
    const double start = now();
    do {
      for (int i = 0; i < 10; i++) product(m);
      count += 10;
    } while (now() - start < 0.05);
    const double here = (double)count * 2 * m * 128 * 128 / (now() - start) / 1e9;
    best = here > best ? here : best;
  }
  return best;
}

static void print_table(const char *rows);

int main(void) {
  for (size_t i = 0; i < sizeof a / sizeof *a; i++) a[i] = (float)rand() / (float)RAND_MAX - 0.5f;
  for (size_t i = 0; i < sizeof b / sizeof *b; i++) b[i] = (float)rand() / (float)RAND_MAX - 0.5f;
  print_table("dense rows");
  // Two units of five are zero in all rows, one of five in half of them.
  for (size_t i = 0; i < sizeof a / sizeof *a; i++) {
    const size_t kind = i % 128 % 5;
    if (kind < 2 || (kind == 2 && rand() % 2)) a[i] = 0;
  }
  print_table("rectified rows");
  return 0;
}

static void print_table(const char *rows) {
  const int sizes[] = {1, 8, 20, 128, 2048};
  printf("GFLOP/s, one thread, M x 128 x 128, %s\n%8s %10s", rows, "M", "wayfield");
#ifdef HAVE_OPENBLAS
  printf(" %10s", "OpenBLAS");
#endif
#ifdef HAVE_LIBXSMM
  printf(" %10s", "libxsmm");
#endif
  printf("\n");
  for (int s = 0; s < 5; s++) {
    printf("%8d %10.1f", sizes[s], rate(ours, sizes[s]));
#ifdef HAVE_OPENBLAS
    printf(" %10.1f", rate(openblas, sizes[s]));
#endif
#ifdef HAVE_LIBXSMM
    printf(" %10.1f", rate(xsmm, sizes[s]));
#endif
    printf("\n");
  }
}
