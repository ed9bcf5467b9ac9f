// C (+)= op(A) · op(B) for matrices as they lie in memory; see packing_template.h.

enum { FN(k_at_once) = 256, FN(columns_at_once) = 512 };

// Some columns of op(B), less than a panel is wide, as a panel; zeros behind them.
static void FN(pack_few_columns)(bool trans_b, const T *b, long ldb, long k, long columns, T *out) {
  const long width = columns > LANES ? WIDTH : LANES;
  memset(out, 0, (size_t)(k * width) * sizeof(T));
  if (!trans_b) {
    for (long l = 0; l < k; l++) FN(move_few)(out + l * width, b + l * ldb, columns);
    return;
  }
  long j = 0;
  for (; j + 4 <= columns; j += 4) {
    const T *rows[4];
    for (int r = 0; r < 4; r++) rows[r] = b + (j + r) * ldb;
    long l = 0;
    for (; l + 4 <= k; l += 4) FN(turn)(rows, l, width, out + l * width + j);
    for (; l < k; l++)
      for (int r = 0; r < 4; r++) out[l * width + j + r] = rows[r][l];
  }
  for (; j < columns; j++)
    for (long l = 0; l < k; l++) out[l * width + j] = b[j * ldb + l];
}

// One term: nothing is added up, so that all there is to do is to write. b's numbers lie side by side.
static void FN(outer_product)(long m, long n, const T *a, long a_row, const T *b, bool add, T *c,
                              long ldc) {
  const FN(vec) zero = {0};
  for (long i = 0; i < m; i++, c += ldc) {
    const T x = a[i * a_row];
    for (long j = 0; j < n; j += LANES) {
      const long left = n - j;
      if (left >= LANES) {
        FN(vec) product = zero + x * *(const FN(vec) *)(b + j), *to = (FN(vec) *)(c + j);
        if (add) product += *to;
        *to = product;
        continue;
      }
      for (long l = j; l < n; l++) {
        const T product = 0 + x * b[l];
        c[l] = add ? product + c[l] : product;
      }
    }
  }
}

// A product of few terms, or of few rows, of A and B as they lie where B's rows can be read so: packing
// all of B would take longer than it saves. (Of these OpenBLAS, where it knows the processor, is up to
// twice as fast for a C of less than a vector's columns, and slower for most others.)
enum { FN(few_terms) = 64, FN(few_rows_of_c) = 4 };

static void FN(small_product)(bool trans_a, bool trans_b, long m, long n, long k, const T *a,
                              long lda, const T *b, long ldb, bool add, T *c, long ldc) {
  if (k == 1 && (!trans_b || ldb == 1)) {
    FN(outer_product)(m, n, a, trans_a ? 1 : lda, b, add, c, ldc);
    return;
  }
  T packed[FN(k_at_once) * WIDTH];
  const FN(product) p = {.rows = m, .columns = n, .count = k, .a = a, .a_row = trans_a ? 1 : lda,
                         .a_k = trans_a ? lda : 1, .init = add ? c : NULL, .init_row = ldc, .c = c,
                         .c_row = ldc};
  for (long j = 0; j < n; j += WIDTH) {
    const long columns = n - j < WIDTH ? n - j : WIDTH;
    if (!trans_b && columns % LANES == 0) {
      FN(panel)(&p, j, b + j, ldb);
    } else {
      FN(pack_few_columns)(trans_b, b + j * (trans_b ? ldb : 1), ldb, k, columns, packed);
      FN(panel)(&p, j, packed, columns > LANES ? WIDTH : LANES);
    }
  }
}

// A part of C, of few enough terms for blocks of them to be added to C one after the other.
static void FN(product_part)(bool trans_a, bool trans_b, long m, long n, long k,
                             const T *a, long lda, const T *b, long ldb, bool add, T *c, long ldc) {
  if (m <= FN(few_rows_of_c) && !trans_b) {  // each number of B is used so seldom
    for (long k0 = 0; k0 < k; k0 += FN(k_at_once))
      FN(small_product)(trans_a, false, m, n, k - k0 < FN(k_at_once) ? k - k0 : FN(k_at_once),
                        a + (trans_a ? k0 * lda : k0), lda, b + k0 * ldb, ldb, add || k0 > 0, c, ldc);
    return;
  }
  const long width = WIDTH;
  const size_t panels = (size_t)FN(panels_size)(FN(k_at_once), n < FN(columns_at_once)
                                                ? n : FN(columns_at_once));
  const size_t bytes = (panels + (size_t)(ROWS * FN(k_at_once))) * sizeof(T);
  T *packed = ck_alloc(bytes), *packed_a = packed + panels;
  for (long j0 = 0; j0 < n; j0 += FN(columns_at_once)) {
    const long columns = n - j0 < FN(columns_at_once) ? n - j0 : FN(columns_at_once);
    for (long k0 = 0; k0 < k; k0 += FN(k_at_once)) {
      const long count = k - k0 < FN(k_at_once) ? k - k0 : FN(k_at_once);
      if (trans_b) {
        FN(blocks) all = {.slots = 1, .size = columns, .first = {j0}};
        FN(pack_rows)(b + k0, ldb, &all, count, packed);
      } else {
        FN(blocks) all = {.slots = 1, .size = count, .first = {k0}};
        FN(pack_columns)(b + j0, ldb, &all, columns, packed);
      }
      FN(product) p = {.columns = columns, .count = count,
                       .c_row = ldc, .init_row = ldc};
      const bool first = k0 == 0 && !add;
      if (!trans_a) {
        p.rows = m, p.a = a + k0, p.a_row = lda, p.a_k = 1;
        p.c = c + j0, p.init = first ? NULL : p.c;
        FN(multiply_packed)(&p, packed);
        continue;
      }
      // A column of A goes into a tile's row: pack what one tile needs, once for all panels.
      const long tiles = (m + ROWS - 1) / ROWS;
      for (long tile = 0, i = 0; tile < tiles; tile++) {
        p.rows = (m - i + tiles - tile - 1) / (tiles - tile);
        FN(pack)(a + k0 * lda + i, lda, count, (int)p.rows, packed_a);
        p.a = packed_a, p.a_row = 1, p.a_k = p.rows;
        p.c = c + i * ldc + j0, p.init = first ? NULL : p.c;
        for (long j = 0; j < columns; j += width) FN(panel)(&p, j, packed + j * count, width);
        i += p.rows;
      }
    }
  }
  ck_free(packed, bytes);
}

// More terms than these are added up in Double, piece by piece.
enum { FN(terms_at_most) = 4096, FN(rows_in_double) = 2048 };

static void FN(add_to_total)(long n, const T *restrict some, double *restrict total) {
  for (long i = 0; i < n; i++) total[i] += (double)some[i];
}

// The part of C that one thread computes.
static void FN(long_part)(bool trans_a, bool trans_b, long m, long n, long k,
                          const T *a, long lda, const T *b, long ldb, bool add, T *c, long ldc) {
  const long most = FN(terms_at_most), high = FN(rows_in_double), wide = FN(columns_at_once);
  if (k <= most) {
    FN(product_part)(trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
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
        FN(product_part)(trans_a, trans_b, rows, columns, k - k0 < most ? k - k0 : most,
                         a + (trans_a ? k0 * lda + i0 : i0 * lda + k0), lda,
                         b + (trans_b ? j0 * ldb + k0 : k0 * ldb + j0), ldb, false, some, columns);
        FN(add_to_total)(rows * columns, some, total);
      }
      for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++) {
          T *to = c + (i0 + i) * ldc + j0 + j;
          *to = (T)(total[i * columns + j] + (add ? (double)*to : 0));
        }
    }
  ck_free(total, size * (sizeof(double) + sizeof(T)));
}

static double FN(dot)(long n, const T *a, const T *b) {
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

enum { FN(few) = 8, FN(pieces) = 256 };

// Some of the k of an operand of few rows, as Doubles: out[l][i] is that of row i and place l. Where
// these lie side by side, so do numbers behind the last row: they are taken along, and lead nowhere.
static void FN(pack_few)(const T *restrict a, long a_row, long a_k, long m, long k,
                         double *restrict out) {
  long l = 0;
  if (a_row == 1 && a_k > 0)
    for (; l + FN(few) <= k; l++, out += FN(few))
      WIDE(eight_double, out) = AS_DOUBLE(eight, a + l * a_k, T);
  for (; l < k; l++, out += FN(few))
    for (long i = 0; i < m; i++) out[i] = (double)a[i * a_row + l * a_k];
}

// Σ over k of every number of a row of a with every one of b's, four of a's at a time.
static void FN(add_outer)(long m, long k, const double *restrict a,
                          const double *restrict b, double *restrict total) {
  for (long i = 0; i < m; i += 4) {
    eight_double sums[4] = {0};
    for (long l = 0; l < k; l++) {
      const eight_double row = WIDE(const eight_double, b + l * FN(few));
      UNROLLED for (int r = 0; r < 4; r++) sums[r] += a[l * FN(few) + i + r] * row;
    }
    UNROLLED for (int r = 0; r < 4; r++) WIDE(eight_double, total + (i + r) * FN(few)) += sums[r];
  }
}

// A C of few rows and few columns, in Double throughout.
static void FN(few_by_few)(bool trans_a, bool trans_b, long m, long n, long k, const T *a, long lda,
                           const T *b, long ldb, bool add, T *c, long ldc) {
  double total[FN(few) * FN(few)] = {0};
  if ((!trans_a || (m == 1 && lda == 1)) && (trans_b || (n == 1 && ldb == 1))) {
    const long most = 8 * FN(pieces);
    for (long k0 = 0; k0 < k; k0 += most)
      for (long i = 0; i < m; i++)
        for (long j = 0; j < n; j++)
          total[i * FN(few) + j] += FN(dot)(k - k0 < most ? k - k0 : most, a + i * lda + k0,
                                            b + j * ldb + k0);
  } else {
    double x[FN(pieces) * FN(few)] = {0}, y[FN(pieces) * FN(few)] = {0};
    const long a_row = trans_a ? 1 : lda, a_k = trans_a ? lda : 1;
    const long b_row = trans_b ? ldb : 1, b_k = trans_b ? 1 : ldb;
    for (long k0 = 0; k0 < k; k0 += FN(pieces)) {
      const long count = k - k0 < FN(pieces) ? k - k0 : FN(pieces);
      FN(pack_few)(a + k0 * a_k, a_row, a_k, m, count, x);
      FN(pack_few)(b + k0 * b_k, b_row, b_k, n, count, y);
      FN(add_outer)(m, count, x, y, total);
    }
  }
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++)
      c[i * ldc + j] = (T)(total[i * FN(few) + j] + (add ? (double)c[i * ldc + j] : 0));
}

typedef struct {
  bool trans_a, trans_b, add;
  long m, n, k, lda, ldb, ldc;
  const T *a, *b;
  T *c;
} FN(job);

static void FN(job_part)(void *context, int part, int parts) {
  const FN(job) *g = context;
  long m0 = 0, m = g->m, n0 = 0, n = g->n;
  if (g->m >= g->n) ck_share(g->m, ROWS, part, parts, &m0, &m);
  else ck_share(g->n, WIDTH, part, parts, &n0, &n);
  if (m > 0 && n > 0)
    FN(long_part)(g->trans_a, g->trans_b, m, n, g->k, g->a + m0 * (g->trans_a ? 1 : g->lda),
                  g->lda, g->b + n0 * (g->trans_b ? g->ldb : 1), g->ldb, g->add,
                  g->c + m0 * g->ldc + n0, g->ldc);
}

// Cᵀ = op(B)ᵀ · op(A)ᵀ, turned: a C of few columns is a Cᵀ of long rows, which fill the vectors.
static void FN(turned_gemm)(const FN(job) *job, int threads) {
  const size_t bytes = (size_t)(job->m * job->n) * sizeof(T);
  T *room = ck_alloc(bytes);
  FN(job) turned = {!job->trans_b, !job->trans_a, false,  job->n, job->m, job->k,
                    job->ldb, job->lda,     job->m,        job->b, job->a, room};
  ck_parallel(threads, FN(job_part), &turned);
  for (long i = 0; i < job->m; i++)
    for (long j = 0; j < job->n; j++) {
      T *to = job->c + i * job->ldc + j;
      *to = room[j * job->m + i] + (job->add ? *to : 0);
    }
  ck_free(room, bytes);
}

static void FN(gemm)(bool trans_a, bool trans_b, long m, long n, long k, const void *pa, long lda,
                     const void *pb, long ldb, bool add, void *pc, long ldc) {
  const T *a = pa, *b = pb;
  T *c = pc;
  if (m <= 0 || n <= 0) return;
  if (k <= 0) {
    if (!add) for (long i = 0; i < m; i++) memset(c + i * ldc, 0, (size_t)n * sizeof(T));
    return;
  }
  const double work = (double)m * (double)n * (double)k;
  if (m <= 2 && !trans_a && trans_b && n >= 8 && k <= FN(terms_at_most)) {
    for (long i = 0; i < m; i++) {
      if (!add) memset(c + i * ldc, 0, (size_t)n * sizeof(T));
      FN(dots)(a + i * lda, b, ldb, k, n, c + i * ldc);
    }
  } else if (n == 1 && ldc == 1 && !trans_a && (trans_b || ldb == 1) && k >= LANES &&
             k <= FN(terms_at_most)) {
    // C is one column: the row B times the rows of A.
    if (!add) memset(c, 0, (size_t)m * sizeof(T));
    FN(dots)(b, a, lda, k, m, c);
  } else if (k <= FN(few_terms) && (work < 1e6 || m <= 4 || n <= 4)) {
    FN(small_product)(trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
  } else if (m <= FN(few) && n <= FN(few)) {
    FN(few_by_few)(trans_a, trans_b, m, n, k, a, lda, b, ldb, add, c, ldc);
  } else {
    FN(job) job = {trans_a, trans_b, add, m, n, k, lda, ldb, ldc, a, b, c};
    // 50 terms a nanosecond at a good pace; of less than 4e6, each thread's packing would count
    const int threads = work > 4e6 ? ck_threads_for(work / 50) : 1;
    if (n <= FN(few)) FN(turned_gemm)(&job, threads);
    else ck_parallel(threads, FN(job_part), &job);
  }
}

static size_t FN(packed_bytes)(long k, long n) {
  return (size_t)FN(panels_size)(k, n) * sizeof(T);
}

typedef struct {
  bool transposed;
  long k, n, ldb;
  const T *b;
  T *packed;
} FN(operand);

static void FN(operand_part)(void *context, int part, int parts) {
  const FN(operand) *o = context;
  const FN(blocks) all = {.slots = 1, .size = o->transposed ? o->n : o->k};
  if (o->transposed) FN(pack_some_rows)(o->b, o->ldb, &all, o->k, o->packed, part, parts);
  else FN(pack_some_columns)(o->b, o->ldb, &all, o->n, o->packed, part, parts);
}

static void FN(pack_operand)(bool transposed, long k, long n, const void *b, long ldb,
                             void *packed) {
  FN(operand) o = {transposed, k, n, ldb, b, packed};
  ck_parallel(ck_threads_for((double)(k * n) * 0.1), FN(operand_part), &o);
}

typedef struct {
  FN(product) product;
  const T *b;
} FN(packed_job);

// Some panels of B: each thread reads its own part of B and all of A.
static void FN(packed_part)(void *context, int part, int parts) {
  const FN(packed_job) *job = context;
  FN(product) p = job->product;
  long first, count;
  ck_share(p.columns, WIDTH, part, parts, &first, &count);
  if (count <= 0) return;
  p.columns = count;
  p.c += first;
  if (p.init) p.init += first;
  FN(multiply_packed)(&p, job->b + first * p.count);
}

static void FN(packed_product)(long m, long n, long k, const void *a, long lda, const void *packed,
                               const void *init, long init_row, void *c, long ldc) {
  FN(packed_job) job = {{.rows = m, .columns = n, .a = a, .a_row = lda, .a_k = 1, .count = k,
                         .init = init, .init_row = init_row, .c = c, .c_row = ldc}, packed};
  ck_parallel(ck_threads_for((double)m * (double)n * (double)k / 40), FN(packed_part), &job);
}
