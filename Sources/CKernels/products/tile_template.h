// The innermost matrix product.
//
// A tile is a block of up to ROWS × 2 vectors of C that stays in registers while k runs. For each k
// it loads two vectors of B, repeats one number of A across a vector per row and multiplies and
// adds. Every element is summed over k in ascending order, whatever the tile's shape: how rows and
// columns are cut up, and by how many threads, doesn't change a bit of the result.
//
// A long sum is one of short ones, of TERMS_AT_ONCE products each: added to a sum of thousands, a
// product would lose the digits that count.

#define TERMS_AT_ONCE 32

// c[i][j] = init[i][j] + Σ_k a[i·a_row + k·a_k] · b[k·b_k + j]
//
// `init` null stands for zeros; `init_row` 0 repeats one row (a bias).
#define DEFINE_TILE(M, N)                                                                         \
  static void FN(tile_##M##_##N)(const T *a, long a_row, long a_k, long count, const T *b,        \
                                 long b_k, const T *init, long init_row, T *c, long c_row) {      \
    /* one pointer for every four rows, made opaque: derived from each other, the addresses */    \
    /* would form a chain of twelve additions a step */                                           \
    const T *p[(M + 3) / 4];                                                                      \
    UNROLLED for (int i = 0; i < M; i += 4) {                                                     \
      p[i / 4] = a + i * a_row;                                                                   \
      __asm__("" : "+r"(p[i / 4]));                                                               \
    }                                                                                             \
    FN(vec) total[M][N]; /* in memory: the registers are for the sums */                          \
    __asm__("" : : "r"(total) : "memory");                                                        \
    for (long begun = 0; begun < count || begun == 0; begun += TERMS_AT_ONCE) {                   \
      FN(vec) sum[M][N];                                                                          \
      UNROLLED for (int i = 0; i < M; i++) UNROLLED for (int j = 0; j < N; j++)                   \
          sum[i][j] = (FN(vec)){0};                                                               \
      const long left = count - begun;                                                            \
      for (long k = left < TERMS_AT_ONCE ? left : TERMS_AT_ONCE; k > 0; k--, b += b_k) {          \
        FN(vec) row[N];                                                                           \
        UNROLLED for (int j = 0; j < N; j++) row[j] = *(const FN(vec) *)(b + j * LANES);          \
        UNROLLED for (int i = 0; i < M; i++) {                                                    \
          T x = p[i / 4][i % 4 * a_row];                                                          \
          UNROLLED for (int j = 0; j < N; j++) sum[i][j] += x * row[j];                           \
        }                                                                                         \
        UNROLLED for (int i = 0; i < M; i += 4) p[i / 4] += a_k;                                  \
      }                                                                                           \
      if (left <= TERMS_AT_ONCE) {                                                                \
        UNROLLED for (int i = 0; i < M; i++) UNROLLED for (int j = 0; j < N; j++) {               \
          if (begun > 0) sum[i][j] += total[i][j];                                                \
          if (init) sum[i][j] += *(const FN(vec) *)(init + i * init_row + j * LANES);             \
          *(FN(vec) *)(c + i * c_row + j * LANES) = sum[i][j];                                    \
        }                                                                                         \
        return;                                                                                   \
      }                                                                                           \
      UNROLLED for (int i = 0; i < M; i++) UNROLLED for (int j = 0; j < N; j++)                   \
          total[i][j] = begun > 0 ? total[i][j] + sum[i][j] : sum[i][j];                          \
      __asm__("" : : "r"(total) : "memory");                                                      \
    }                                                                                             \
  }

#define DEFINE_TILES(M) DEFINE_TILE(M, 1) DEFINE_TILE(M, 2)
#define TILES(M) {FN(tile_##M##_1), FN(tile_##M##_2)}

DEFINE_TILES(1)
DEFINE_TILES(2)
DEFINE_TILES(3)
DEFINE_TILES(4)
DEFINE_TILES(5)
DEFINE_TILES(6)
#if ROWS == 12
DEFINE_TILES(7)
DEFINE_TILES(8)
DEFINE_TILES(9)
DEFINE_TILES(10)
DEFINE_TILES(11)
DEFINE_TILES(12)
#endif

// [rows − 1][vectors − 1]
static void (*const FN(tile)[ROWS][2])(const T *a, long a_row, long a_k, long count, const T *b,
                                       long b_k, const T *init, long init_row, T *c, long c_row) = {
    TILES(1), TILES(2), TILES(3), TILES(4), TILES(5), TILES(6),
#if ROWS == 12
    TILES(7), TILES(8), TILES(9), TILES(10), TILES(11), TILES(12),
#endif
};

// The sum of a vector's numbers, halves added to halves.
INLINE T FN(sum_of_lanes)(FN(vec) x) {
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) x[i] += x[i + half];
  return x[0];
}

// y[j] += Σ_k x[k] · w[j·w_row + k], one row times the rows of a matrix without packing: four rows of
// w at a time.
static void FN(dots)(const T *x, const T *w, long w_row, long k, long n, T *y) {
  for (long j = 0; j < n; j += 4) {
    const long rows = n - j < 4 ? n - j : 4;
    const T *p[4];
    UNROLLED for (int r = 0; r < 4; r++) p[r] = w + (j + (r < rows ? r : 0)) * w_row;
    FN(vec) sum[4] = {0};
    long i = 0;
    while (i + WIDTH <= k) {
      FN(vec) some[4][2];
      UNROLLED for (int r = 0; r < 4; r++) some[r][0] = some[r][1] = (FN(vec)){0};
      const long most = i + TERMS_AT_ONCE * WIDTH, end = most < k ? most : k;
      for (; i + WIDTH <= end; i += WIDTH) UNROLLED for (int v = 0; v < 2; v++) {
        const FN(vec) in = *(const FN(vec) *)(x + i + v * LANES);
        UNROLLED for (int r = 0; r < 4; r++)
          some[r][v] += in * *(const FN(vec) *)(p[r] + i + v * LANES);
      }
      UNROLLED for (int r = 0; r < 4; r++) sum[r] += some[r][0] + some[r][1];
    }
    if (i + LANES <= k) {
      const FN(vec) in = *(const FN(vec) *)(x + i);
      UNROLLED for (int r = 0; r < 4; r++) sum[r] += in * *(const FN(vec) *)(p[r] + i);
      i += LANES;
    }
    if (i < k && k >= LANES) {  // the last numbers, in a vector that begins among those before
      FN(vec) in = *(const FN(vec) *)(x + k - LANES);
      for (long l = 0; l < LANES - (k - i); l++) in[l] = 0;
      UNROLLED for (int r = 0; r < 4; r++)
        sum[r] += in * *(const FN(vec) *)(p[r] + k - LANES);
      i = k;
    }
    T rest[4];
    UNROLLED for (int r = 0; r < 4; r++) rest[r] = FN(sum_of_lanes)(sum[r]);
    for (; i < k; i++) UNROLLED for (int r = 0; r < 4; r++) rest[r] += x[i] * p[r][i];
    for (long r = 0; r < rows; r++) y[j + r] += rest[r];
  }
}

// out[j] = init[j] + Σ_i x[i] · w[offset[i] + j] for j < n, a multiple of LANES; every two vectors
// further on, w goes on by `panel`.
static void FN(combine)(const T *init, const T *w, long panel, const long *offset, const T *x,
                        long terms, long n, T *out) {
  long j = 0;
  for (; j + WIDTH <= n; j += WIDTH, w += panel) {
    FN(vec) a = {0}, b = {0};
    for (long i = 0; i < terms; i++) {
      a += x[i] * *(const FN(vec) *)(w + offset[i]);
      b += x[i] * *(const FN(vec) *)(w + offset[i] + LANES);
    }
    *(FN(vec) *)(out + j) = *(const FN(vec) *)(init + j) + a;
    *(FN(vec) *)(out + j + LANES) = *(const FN(vec) *)(init + j + LANES) + b;
  }
  if (j == n) return;
  FN(vec) a = {0};
  for (long i = 0; i < terms; i++) a += x[i] * *(const FN(vec) *)(w + offset[i]);
  *(FN(vec) *)(out + j) = *(const FN(vec) *)(init + j) + a;
}

// Packs m columns of A: out[k·m + i] = a[k·a_k + i]
INLINE void FN(pack_fixed)(
    const T *restrict a, long a_k, long k, const int m, T *restrict out) {
  for (long row = 0; row < k; row++, a += a_k, out += m)
    for (int i = 0; i < m; i++) out[i] = a[i];
}

#define PACK(M) case M: FN(pack_fixed)(a, a_k, k, M, out); break;
static void FN(pack)(const T *a, long a_k, long k, int m, T *out) {
  switch (m) {
    PACK(1) PACK(2) PACK(3) PACK(4) PACK(5) PACK(6)
#if ROWS == 12
    PACK(7) PACK(8) PACK(9) PACK(10) PACK(11) PACK(12)
#endif
  }
}
