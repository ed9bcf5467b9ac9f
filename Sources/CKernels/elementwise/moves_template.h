// Numbers that are put somewhere else.

static void FN(fill)(long n, double number, void *to) {
  const T value = (T)number;
  T *out = to;
  for (long i = 0; i < n; i++) out[i] = value;
}

static void FN(gather_strided)(long n, const void *from, long stride, void *to) {
  const T *restrict a = from;
  T *restrict out = to;
  for (long i = 0; i < n; i++) out[i] = a[i * stride];
}

static void FN(scatter_strided)(long n, const void *from, void *to, long stride) {
  const T *restrict a = from;
  T *restrict out = to;
  for (long i = 0; i < n; i++) out[i * stride] = a[i];
}

static void FN(to_f32)(long n, const void *from, float *to) {
  const T *x = from;
  if (!IS_DOUBLE) memmove(to, x, (size_t)n * sizeof(T));
  else for (long i = 0; i < n; i++) to[i] = (float)x[i];
}

static void FN(to_f64)(long n, const void *from, double *to) {
  const T *x = from;
  if (IS_DOUBLE) memmove(to, x, (size_t)n * sizeof(T));
  else for (long i = 0; i < n; i++) to[i] = (double)x[i];
}

// Numbers added to Doubles that stand `stride` apart.
static void FN(add_strided)(long n, const void *from, double *sums, long stride) {
  const T *restrict a = from;
  if (stride == 1) for (long i = 0; i < n; i++) sums[i] += (double)a[i];
  else for (long i = 0; i < n; i++) sums[i * stride] += (double)a[i];
}

// A matrix on its side, a square of one vector's width after the other. In each of its rounds a row and
// the one half the square below it are interleaved; after log2 of the width, rows are columns.
#define SQUARE (VECTOR >> (IS_DOUBLE ? 3 : 2))
#if SQUARE == 16
#define LOWER 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif SQUARE == 8
#define LOWER 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER 4, 12, 5, 13, 6, 14, 7, 15
#elif SQUARE == 4
#define LOWER 0, 4, 1, 5
#define UPPER 2, 6, 3, 7
#else
#define LOWER 0, 2
#define UPPER 1, 3
#endif
typedef T FN(line) __attribute__((vector_size(VECTOR), may_alias));

// `streaming` writes past the caches, which hold none of a large result anyway: a line is not read
// before it is written. Only where a vector is a whole line; halves of one would be written twice.
INLINE void FN(transpose_square)(const T *a, long a_row, T *out, long out_row, bool streaming) {
  V x[SQUARE], y[SQUARE];
  UNROLLED for (int i = 0; i < SQUARE; i++) x[i] = AT_CONST(a + i * a_row);
  UNROLLED for (int round = 1; round < SQUARE; round *= 2) {
    UNROLLED for (int i = 0; i < SQUARE / 2; i++) {
      y[2 * i] = __builtin_shufflevector(x[i], x[i + SQUARE / 2], LOWER);
      y[2 * i + 1] = __builtin_shufflevector(x[i], x[i + SQUARE / 2], UPPER);
    }
    UNROLLED for (int i = 0; i < SQUARE; i++) x[i] = y[i];
  }
  UNROLLED for (int i = 0; i < SQUARE; i++) {
    if (streaming) __builtin_nontemporal_store(x[i], (FN(line) *)(out + i * out_row));
    else AT(out + i * out_row) = x[i];
  }
}

static void FN(transpose_few)(long rows, long columns, const T *a, long a_row, T *out,
                              long out_row) {
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j++) out[i * out_row + j] = a[j * a_row + i];
}

static void FN(transpose)(long rows, long columns, const void *from, long a_row, void *to,
                          long out_row, bool streaming) {
  const T *a = from;
  T *out = to;
  enum { tile = 64 };  // what is read and written meanwhile stays in the nearest cache
  const bool fits = VECTOR == 64 && (uintptr_t)out % VECTOR == 0 && out_row % SQUARE == 0;
  const long whole = rows / SQUARE * SQUARE, across = columns / SQUARE * SQUARE;
  for (long j0 = 0; j0 < across; j0 += tile) {
    const long j1 = j0 + tile < across ? j0 + tile : across;
    for (long i = 0; i < whole; i += SQUARE)
      for (long j = j0; j < j1; j += SQUARE) {
        const T *square = a + j * a_row + i;
        T *turned = out + i * out_row + j;
        if (streaming && fits) FN(transpose_square)(square, a_row, turned, out_row, true);
        else FN(transpose_square)(square, a_row, turned, out_row, false);
      }
  }
  FN(transpose_few)(whole, columns - across, a + across * a_row, a_row, out + across, out_row);
  FN(transpose_few)(rows - whole, columns, a + whole, a_row, out + whole * out_row, out_row);
#if defined(__x86_64__)
  if (streaming && fits) __builtin_ia32_sfence();
#endif
}
#undef SQUARE
#undef LOWER
#undef UPPER
