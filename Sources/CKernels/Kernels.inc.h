// The template of all kernels: included once per instruction set and number type with
//   T       the number type              VB   bytes of a vector register
//   MR      rows of a tile               NV   vectors of a tile's row
//   NAME(x) the name of a function x for this instruction set and type
//   FMA(a, b, c)  elementwise fused a*b + c on vectors; FMA1 on numbers
// Vectors are clang's portable ones: the same text compiles for any processor.

typedef T NAME(V) __attribute__((vector_size(VB)));
typedef T NAME(VU) __attribute__((vector_size(VB), aligned(sizeof(T)), may_alias));
#define V NAME(V)
#define VU NAME(VU)
#define VL (VB / (int)sizeof(T))
#define KC 256  // depth of one block: a panel of B stays in the first-level cache

// One tile: `rows` × (nv·VL) of C, over `depth` terms. `b` has unit column stride. The first block
// of k starts from `bias`, from zero or from C; later blocks go on from C, so the chain is unbroken.
static inline __attribute__((always_inline)) void NAME(tile)(
  const int rows, const int nv, size_t depth, const T *a, size_t ar, size_t ac, const T *b,
  size_t br, const T *start, T *c, size_t cr, int from_c, int relu) {
  V acc[MR][NV];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < nv; v++)
      acc[i][v] = from_c ? *(const VU *)(c + i * cr + v * VL)
                         : (start ? *(const VU *)(start + v * VL) : (V){0});
  for (size_t k = 0; k < depth; k++) {
    V row[NV];
#pragma clang loop unroll(full)
    for (int v = 0; v < nv; v++) row[v] = *(const VU *)(b + k * br + v * VL);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V x = a[i * ar + k * ac] - (V){0};
#pragma clang loop unroll(full)
      for (int v = 0; v < nv; v++) acc[i][v] = FMA(x, row[v], acc[i][v]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < nv; v++) {
      V x = acc[i][v];
      if (relu) {  // clears what is below zero, so a NaN stays visible
        __typeof__(x < x) keep = ~(x < (V){0});
        x = (V)((__typeof__(keep))x & keep);
      }
      *(VU *)(c + i * cr + v * VL) = x;
    }
}

#define TILE(R, N) NAME(tile)(R, N, depth, a, ar, ac, b, br, start, c, cr, from_c, relu)
#if NV == 4
#define WIDTHS(R)                                                                                  \
  switch (nv) {                                                                                    \
    case 1: TILE(R, 1); break;                                                                     \
    case 2: TILE(R, 2); break;                                                                     \
    case 3: TILE(R, 3); break;                                                                     \
    default: TILE(R, 4); break;                                                                    \
  }
#else
#define WIDTHS(R)                                                                                  \
  switch (nv) {                                                                                    \
    case 1: TILE(R, 1); break;                                                                     \
    default: TILE(R, 2); break;                                                                    \
  }
#endif
static void NAME(any_tile)(
  int rows, int nv, size_t depth, const T *a, size_t ar, size_t ac, const T *b, size_t br,
  const T *start, T *c, size_t cr, int from_c, int relu) {
  switch (rows) {
    case 1: WIDTHS(1) break;
    case 2: WIDTHS(2) break;
    case 3: WIDTHS(3) break;
    case 4: WIDTHS(4) break;
    case 5: WIDTHS(5) break;
    default: WIDTHS(6) break;
  }
}
#undef TILE
#undef WIDTHS

// All rows of one panel of at most NV·VL full columns.
static void NAME(panel)(
  size_t rows, int nv, size_t depth, const T *a, size_t ar, size_t ac, const T *b, size_t br,
  const T *start, T *c, size_t cr, int from_c, int relu) {
  size_t i = 0;
  for (; i + MR <= rows; i += MR)
    NAME(any_tile)(MR, nv, depth, a + i * ar, ar, ac, b, br, start, c + i * cr, cr, from_c, relu);
  if (i < rows)
    NAME(any_tile)
      ((int)(rows - i), nv, depth, a + i * ar, ar, ac, b, br, start, c + i * cr, cr, from_c, relu);
}

// Copies `depth` × `columns` of B into `packed`, rows of nv·VL, padded with zeros.
static void NAME(pack)(
  size_t depth, size_t columns, int nv, const T *b, size_t br, size_t bc, T *packed) {
  const size_t width = (size_t)nv * VL;
  for (size_t k = 0; k < depth; k++)
    for (size_t j = columns; j < width; j++) packed[k * width + j] = 0;
  if (bc == 1) {
    for (size_t k = 0; k < depth; k++)
      for (size_t j = 0; j < columns; j++) packed[k * width + j] = b[k * br + j];
    return;
  }
  // Squares of eight, so that both sides stay in cache lines.
  for (size_t k0 = 0; k0 < depth; k0 += 8) {
    const size_t k1 = k0 + 8 < depth ? k0 + 8 : depth;
    for (size_t j = 0; j < columns; j++)
      for (size_t k = k0; k < k1; k++) packed[k * width + j] = b[k * br + j * bc];
  }
}

// The columns beyond the last full vector: computed in a padded copy of C.
static void NAME(narrow)(
  size_t rows, size_t columns, int nv, size_t depth, const T *a, size_t ar, size_t ac,
  const T *packed, const T *bias, T *c, size_t cr, int from_c, int relu) {
  const size_t width = (size_t)nv * VL;
  T start[NV * VL] = {0}, block[MR * NV * VL];
  if (bias)
    for (size_t j = 0; j < columns; j++) start[j] = bias[j];
  for (size_t i = 0; i < rows; i += MR) {
    const size_t here = rows - i < MR ? rows - i : MR;
    if (from_c)
      for (size_t r = 0; r < here; r++)
        for (size_t j = 0; j < width; j++)
          block[r * width + j] = j < columns ? c[(i + r) * cr + j] : 0;
    NAME(any_tile)
      ((int)here, nv, depth, a + i * ar, ar, ac, packed, width, start, block, width, from_c, relu);
    for (size_t r = 0; r < here; r++)
      for (size_t j = 0; j < columns; j++) c[(i + r) * cr + j] = block[r * width + j];
  }
}

static void NAME(gemm)(
  size_t rows, size_t columns, size_t depth, const T *a, size_t ar, size_t ac, const T *b,
  size_t br, size_t bc, const T *bias, T *c, size_t cr, int32_t flags) {
  T packed[KC * NV * VL];
  const int relu = (flags & WF_GEMM_RELU) != 0;
  for (size_t j = 0; j < columns; j += NV * VL) {
    const size_t left = columns - j;
    const size_t here = left < NV * VL ? left : NV * VL;
    const int nv = (int)((here + VL - 1) / VL);
    const T *start = (flags & WF_GEMM_BIAS) ? bias + j : 0;
    size_t k = 0;
    do {
      const size_t depth_here = depth - k < KC ? depth - k : KC;
      const int from_c = k > 0 || (flags & WF_GEMM_ADD);
      const int last = k + depth_here == depth;
      const T *block = b + k * br + j * bc;
      if (here % VL == 0) {
        size_t row = br;
        if (bc != 1) {
          NAME(pack)(depth_here, here, nv, block, br, bc, packed);
          block = packed;
          row = here;
        }
        NAME(panel)
          (rows, nv, depth_here, a + k * ac, ar, ac, block, row, start, c + j, cr, from_c,
           relu && last);
      } else {
        NAME(pack)(depth_here, here, nv, block, br, bc, packed);
        NAME(narrow)
          (rows, here, nv, depth_here, a + k * ac, ar, ac, packed, start, c + j, cr, from_c,
           relu && last);
      }
      k += depth_here;
    } while (k < depth);
  }
}

static void NAME(sparse_forward)(
  size_t rows, size_t active, size_t width, const int32_t *index, const T *values, const T *w,
  const T *bias, T *out, int32_t relu) {
  for (size_t r = 0; r < rows; r++) {
    T *o = out + r * width;
    for (size_t j = 0; j < width; j++) o[j] = bias ? bias[j] : 0;
    for (size_t s = 0; s < active; s++) {
      const int32_t i = index[r * active + s];
      if (i < 0) continue;
      const T x = values ? values[r * active + s] : 1;
      const T *from = w + (size_t)i * width;
      for (size_t j = 0; j < width; j++) o[j] = FMA1(x, from[j], o[j]);
    }
    if (relu)
      for (size_t j = 0; j < width; j++) o[j] = o[j] < 0 ? 0 : o[j];
  }
}

static void NAME(sparse_backward)(
  size_t rows, size_t active, size_t width, const int32_t *index, const T *values, const T *d,
  T *dw) {
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < active; s++) {
      const int32_t i = index[r * active + s];
      if (i < 0) continue;
      const T x = values ? values[r * active + s] : 1;
      const T *from = d + r * width;
      T *to = dw + (size_t)i * width;
      for (size_t j = 0; j < width; j++) to[j] = FMA1(x, from[j], to[j]);
    }
}

static void NAME(column_sums)(size_t rows, size_t width, const T *d, T *sums) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < width; j++) sums[j] += d[r * width + j];
}

static void NAME(relu_mask)(size_t count, const T *y, T *d) {
  for (size_t i = 0; i < count; i++) d[i] = y[i] > 0 ? d[i] : 0;
}

static void NAME(add_scaled)(size_t count, T s, const T *x, T *y) {
  for (size_t i = 0; i < count; i++) y[i] = FMA1(s, x[i], y[i]);
}

static double NAME(dot)(size_t count, const T *x, const T *y) {
  double sums[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int l = 0; l < 8; l++) sums[l] = FMAD((double)x[i + l], (double)y[i + l], sums[l]);
  for (int l = 0; i < count; i++, l++) sums[l] = FMAD((double)x[i], (double)y[i], sums[l]);
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

#undef V
#undef VU
#undef VL
#undef KC
