// C (+)= op(A) · op(B) for matrices as they lie in memory; see gemm_template.h.

static void SFN(blas)(bool trans_a, bool trans_b, long m, long n, long k, const T *a, long lda,
                      const T *b, long ldb, bool add, T *c, long ldc) {
  CBLAS_GEMM(CblasRowMajor, trans_a ? CblasTrans : CblasNoTrans, trans_b ? CblasTrans : CblasNoTrans,
             (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, add ? 1 : 0, c, (int)ldc);
}

enum { SFN(k_at_once) = 256, SFN(columns_at_once) = 512 };

// The part of C that one thread computes.
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
    SFN(product_part)(ks, g->trans_a, g->trans_b, m, n, g->k, g->a + m0 * (g->trans_a ? 1 : g->lda),
                      g->lda, g->b + n0 * (g->trans_b ? g->ldb : 1), g->ldb, g->add,
                      g->c + m0 * g->ldc + n0, g->ldc);
}

static void SFN(gemm)(bool trans_a, bool trans_b, long m, long n, long k, const T *a, long lda,
                      const T *b, long ldb, bool add, T *c, long ldc) {
  if (k <= 0) {
    if (!add) for (long i = 0; i < m; i++) memset(c + i * ldc, 0, (size_t)n * sizeof(T));
    return;
  }
  const double work = (double)m * (double)n * (double)k;
  const KERNELS *ks = SFN(ck_kernels)();
  if (m <= 2 && !trans_a && trans_b && n >= 8) {  // OpenBLAS packs here too
    for (long i = 0; i < m; i++) {
      if (!add) memset(c + i * ldc, 0, (size_t)n * sizeof(T));
      ks->dots(a + i * lda, b, ldb, k, n, c + i * ldc);
    }
  } else if (work < 1e6 || m <= 4 || n <= 4) {  // packing would cost more than it saves
    SFN(blas)(trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
  } else {
    SFN(job) job = {ks, trans_a, trans_b, add, m, n, k, lda, ldb, ldc, a, b, c};
    ck_parallel(work > 4e6 ? ck_threads() : 1, SFN(job_part), &job);
  }
}
