// C (+)= op(A) · op(B) for matrices as they lie in memory; see gemm_template.h.

static void SFN(blas)(bool trans_a, bool trans_b, long m, long n, long k, const T *a, long lda,
                      const T *b, long ldb, bool add, T *c, long ldc) {
  CBLAS_GEMM(CblasRowMajor, trans_a ? CblasTrans : CblasNoTrans, trans_b ? CblasTrans : CblasNoTrans,
             (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, add ? 1 : 0, c, (int)ldc);
}

enum { SFN(k_at_once) = 256, SFN(columns_at_once) = 512 };

// A part of C, of few enough terms for blocks of them to be added to C one after the other.
static void SFN(product_part)(const KERNELS *ks, bool trans_a, bool trans_b, long m, long n, long k,
                              const T *a, long lda, const T *b, long ldb, bool add, T *c, long ldc) {
  const long width = 2 * ks->lanes;
  const size_t panels = (size_t)SFN(panels_size)(ks, SFN(k_at_once), n < SFN(columns_at_once)
                                                                         ? n : SFN(columns_at_once));
  const size_t bytes = (panels + (size_t)(CK_MAX_ROWS * SFN(k_at_once))) * sizeof(T);
  T *packed = ck_alloc(bytes), *packed_a = packed + panels;
  for (long j0 = 0; j0 < n; j0 += SFN(columns_at_once)) {
    const long columns = n - j0 < SFN(columns_at_once) ? n - j0 : SFN(columns_at_once);
    for (long k0 = 0; k0 < k; k0 += SFN(k_at_once)) {
      const long count = k - k0 < SFN(k_at_once) ? k - k0 : SFN(k_at_once);
      if (trans_b) {
        SFN(blocks) all = {.slots = 1, .size = columns, .first = {j0}};
        SFN(pack_rows)(ks, b + k0, ldb, &all, count, packed);
      } else {
        SFN(blocks) all = {.slots = 1, .size = count, .first = {k0}};
        SFN(pack_columns)(ks, b + j0, ldb, &all, columns, packed);
      }
      SFN(product) p = {.columns = columns, .count = count,
                        .c_row = ldc, .init_row = ldc};
      const bool first = k0 == 0 && !add;
      if (!trans_a) {
        p.rows = m, p.a = a + k0, p.a_row = lda, p.a_k = 1;
        p.c = c + j0, p.init = first ? NULL : p.c;
        SFN(multiply_packed)(ks, &p, packed);
        continue;
      }
      // A column of A goes into a tile's row: pack what one tile needs, once for all panels.
      const long tiles = (m + ks->rows - 1) / ks->rows;
      for (long tile = 0, i = 0; tile < tiles; tile++) {
        p.rows = (m - i + tiles - tile - 1) / (tiles - tile);
        ks->pack(a + k0 * lda + i, lda, count, (int)p.rows, packed_a);
        p.a = packed_a, p.a_row = 1, p.a_k = p.rows;
        p.c = c + i * ldc + j0, p.init = first ? NULL : p.c;
        for (long j = 0; j < columns; j += width) SFN(panel)(ks, &p, j, packed + j * count, width);
        i += p.rows;
      }
    }
  }
  ck_free(packed, bytes);
}

// More terms than these are added up in Double, piece by piece.
enum { SFN(terms_at_most) = 4096, SFN(rows_in_double) = 2048 };

CK_CLONES static void SFN(add_to_total)(long n, const T *restrict some, double *restrict total) {
  for (long i = 0; i < n; i++) total[i] += (double)some[i];
}

// The part of C that one thread computes.
static void SFN(long_part)(const KERNELS *ks, bool trans_a, bool trans_b, long m, long n, long k,
                           const T *a, long lda, const T *b, long ldb, bool add, T *c, long ldc) {
  const long most = SFN(terms_at_most), high = SFN(rows_in_double), wide = SFN(columns_at_once);
  if (k <= most) {
    SFN(product_part)(ks, trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
    return;
  }
  const size_t size = (size_t)((m < high ? m : high) * (n < wide ? n : wide));
  double *total = ck_alloc(size * (sizeof(double) + sizeof(T)));
  T *some = (T *)(total + size);
  for (long i0 = 0; i0 < m; i0 += high)
    for (long j0 = 0; j0 < n; j0 += wide) {
      const long rows = m - i0 < high ? m - i0 : high, columns = n - j0 < wide ? n - j0 : wide;
      memset(total, 0, (size_t)(rows * columns) * sizeof(double));
      for (long k0 = 0; k0 < k; k0 += most) {
        SFN(product_part)(ks, trans_a, trans_b, rows, columns, k - k0 < most ? k - k0 : most,
                          a + (trans_a ? k0 * lda + i0 : i0 * lda + k0), lda,
                          b + (trans_b ? j0 * ldb + k0 : k0 * ldb + j0), ldb, false, some, columns);
        SFN(add_to_total)(rows * columns, some, total);
      }
      for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++) {
          T *to = c + (i0 + i) * ldc + j0 + j;
          *to = (T)(total[i * columns + j] + (add ? (double)*to : 0));
        }
    }
  ck_free(total, size * (sizeof(double) + sizeof(T)));
}

CK_CLONES static double SFN(dot)(long n, const T *a, const T *b) {
  eight_double sums = {0}, others = {0};
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    sums += AS_DOUBLE(eight, a + i, T) * AS_DOUBLE(eight, b + i, T);
    others += AS_DOUBLE(eight, a + i + 8, T) * AS_DOUBLE(eight, b + i + 8, T);
  }
  sums += others;
  double sum = TOTAL(sums);
  for (; i < n; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

enum { SFN(few) = 8, SFN(pieces) = 256 };

// Some of the k of an operand of few rows, as Doubles: out[l][i] is that of row i and place l. Where
// these lie side by side, so do numbers behind the last row: they are taken along, and lead nowhere.
CK_CLONES static void SFN(pack_few)(const T *restrict a, long a_row, long a_k, long m, long k,
                                    double *restrict out) {
  long l = 0;
  if (a_row == 1 && a_k > 0)
    for (; l + SFN(few) <= k; l++, out += SFN(few))
      AT(eight_double, out) = AS_DOUBLE(eight, a + l * a_k, T);
  for (; l < k; l++, out += SFN(few))
    for (long i = 0; i < m; i++) out[i] = (double)a[i * a_row + l * a_k];
}

// Σ over k of every number of a row of a with every one of b's, four of a's at a time.
CK_CLONES static void SFN(add_outer)(long m, long k, const double *restrict a,
                                     const double *restrict b, double *restrict total) {
  for (long i = 0; i < m; i += 4) {
    eight_double sums[4] = {0};
    for (long l = 0; l < k; l++) {
      const eight_double row = AT(const eight_double, b + l * SFN(few));
      UNROLLED for (int r = 0; r < 4; r++) sums[r] += a[l * SFN(few) + i + r] * row;
    }
    UNROLLED for (int r = 0; r < 4; r++) AT(eight_double, total + (i + r) * SFN(few)) += sums[r];
  }
}

// A C of few rows and few columns, in Double throughout.
static void SFN(few_by_few)(bool trans_a, bool trans_b, long m, long n, long k, const T *a, long lda,
                            const T *b, long ldb, bool add, T *c, long ldc) {
  double total[SFN(few) * SFN(few)] = {0};
  if ((!trans_a || (m == 1 && lda == 1)) && (trans_b || (n == 1 && ldb == 1))) {
    const long most = 8 * SFN(pieces);
    for (long k0 = 0; k0 < k; k0 += most)
      for (long i = 0; i < m; i++)
        for (long j = 0; j < n; j++)
          total[i * SFN(few) + j] += SFN(dot)(k - k0 < most ? k - k0 : most, a + i * lda + k0,
                                              b + j * ldb + k0);
  } else {
    double x[SFN(pieces) * SFN(few)] = {0}, y[SFN(pieces) * SFN(few)] = {0};
    const long a_row = trans_a ? 1 : lda, a_k = trans_a ? lda : 1;
    const long b_row = trans_b ? ldb : 1, b_k = trans_b ? 1 : ldb;
    for (long k0 = 0; k0 < k; k0 += SFN(pieces)) {
      const long count = k - k0 < SFN(pieces) ? k - k0 : SFN(pieces);
      SFN(pack_few)(a + k0 * a_k, a_row, a_k, m, count, x);
      SFN(pack_few)(b + k0 * b_k, b_row, b_k, n, count, y);
      SFN(add_outer)(m, count, x, y, total);
    }
  }
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++)
      c[i * ldc + j] = (T)(total[i * SFN(few) + j] + (add ? (double)c[i * ldc + j] : 0));
}

typedef struct {
  const KERNELS *ks;
  bool trans_a, trans_b, add;
  long m, n, k, lda, ldb, ldc;
  const T *a, *b;
  T *c;
} SFN(job);

static void SFN(job_part)(void *context, int part, int parts) {
  const SFN(job) *g = context;
  const KERNELS *ks = g->ks;
  long m0 = 0, m = g->m, n0 = 0, n = g->n;
  if (g->m >= g->n) ck_share(g->m, ks->rows, part, parts, &m0, &m);
  else ck_share(g->n, 2 * ks->lanes, part, parts, &n0, &n);
  if (m > 0 && n > 0)
    SFN(long_part)(ks, g->trans_a, g->trans_b, m, n, g->k, g->a + m0 * (g->trans_a ? 1 : g->lda),
                   g->lda, g->b + n0 * (g->trans_b ? g->ldb : 1), g->ldb, g->add,
                   g->c + m0 * g->ldc + n0, g->ldc);
}

// Cᵀ = op(B)ᵀ · op(A)ᵀ, turned: a C of few columns is a Cᵀ of long rows, which fill the vectors.
static void SFN(turned_gemm)(const SFN(job) *job, int threads) {
  const size_t bytes = (size_t)(job->m * job->n) * sizeof(T);
  T *room = ck_alloc(bytes);
  SFN(job) turned = {job->ks, !job->trans_b, !job->trans_a, false,  job->n, job->m, job->k,
                     job->ldb, job->lda,     job->m,        job->b, job->a, room};
  ck_parallel(threads, SFN(job_part), &turned);
  for (long i = 0; i < job->m; i++)
    for (long j = 0; j < job->n; j++) {
      T *to = job->c + i * job->ldc + j;
      *to = room[j * job->m + i] + (job->add ? *to : 0);
    }
  ck_free(room, bytes);
}

static void SFN(gemm)(bool trans_a, bool trans_b, long m, long n, long k, const T *a, long lda,
                      const T *b, long ldb, bool add, T *c, long ldc) {
  if (k <= 0) {
    if (!add) for (long i = 0; i < m; i++) memset(c + i * ldc, 0, (size_t)n * sizeof(T));
    return;
  }
  const double work = (double)m * (double)n * (double)k;
  const KERNELS *ks = SFN(ck_kernels)();
  if (m <= 2 && !trans_a && trans_b && n >= 8 && k <= SFN(terms_at_most)) {  // OpenBLAS packs here too
    for (long i = 0; i < m; i++) {
      if (!add) memset(c + i * ldc, 0, (size_t)n * sizeof(T));
      ks->dots(a + i * lda, b, ldb, k, n, c + i * ldc);
    }
  } else if (k <= 64 && (work < 1e6 || m <= 4 || n <= 4)) {
    // Packing would cost more than it saves, and so few terms need no care.
    SFN(blas)(trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
  } else if (m <= SFN(few) && n <= SFN(few)) {
    SFN(few_by_few)(trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
  } else {
    SFN(job) job = {ks, trans_a, trans_b, add, m, n, k, lda, ldb, ldc, a, b, c};
    const int threads = work > 4e6 ? ck_threads() : 1;
    if (n <= SFN(few)) SFN(turned_gemm)(&job, threads);
    else ck_parallel(threads, SFN(job_part), &job);
  }
}
