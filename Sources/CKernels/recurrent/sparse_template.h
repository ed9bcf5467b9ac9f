// Inputs that are mostly zeros. One-hot characters are the commonest input of all: with one number in 28
// not zero, the products with x are sums of very few rows. Leaving out terms that are zero does not
// change a sum.

static bool FN(mostly_zeros)(long rows, long k, const void *x) {
  if (k < 8) return false;
  const T *numbers = x;
  long others = 0;
  for (long i = 0; i < rows * k; i++) others += numbers[i] != 0;
  return others * 6 < rows * k;
}

typedef struct {
  long rows, k, n;
  const T *x, *w, *init, *dy;
  T *out;
} FN(sparse_job);

static void FN(add_row)(long n, T x, const T *restrict w, T *restrict out) {
  for (long j = 0; j < n; j++) out[j] += x * w[j];
}

static void FN(sparse_product_part)(void *context, int part, int parts) {
  const FN(sparse_job) *job = context;
  const long n = job->n;
  long first, count;
  ck_share(job->rows, 1, part, parts, &first, &count);
  for (long row = first; row < first + count; row++) {
    const T *x = job->x + row * job->k;
    T *out = job->out + row * n;
    if (job->init) memcpy(out, job->init, (size_t)n * sizeof(T));
    else memset(out, 0, (size_t)n * sizeof(T));
    for (long i = 0; i < job->k; i++)
      if (x[i] != 0) FN(add_row)(n, x[i], job->w + i * n, out);
  }
}

// As much as is written goes at the pace of the memory: a quarter of a nanosecond a number.
static int FN(sparse_threads)(long rows, long n) {
  return ck_threads_for((double)rows * (double)n / 4);
}

static void FN(sparse_product)(long rows, long k, long n, const void *x, const void *w,
                               const void *init, void *out) {
  FN(sparse_job) job = {.rows = rows, .k = k, .n = n, .x = x, .w = w, .init = init, .out = out};
  ck_parallel(FN(sparse_threads)(rows, n), FN(sparse_product_part), &job);
}

static void FN(add_scaled)(long n, T x, const T *restrict from, double *restrict to) {
  for (long j = 0; j < n; j++) to[j] += (double)x * (double)from[j];
}

// In Double, as one input may be the same in very many rows.
static void FN(sparse_gradient_part)(void *context, int part, int parts) {
  const FN(sparse_job) *job = context;
  const long k = job->k;
  long first, count;
  ck_share(job->n, LANES, part, parts, &first, &count);
  const size_t bytes = (size_t)(k * count) * sizeof(double);
  double *columns = ck_alloc(bytes);
  memset(columns, 0, bytes);
  for (long row = 0; row < job->rows; row++) {
    const T *x = job->x + row * k, *dy = job->dy + row * job->n + first;
    for (long i = 0; i < k; i++)
      if (x[i] != 0) FN(add_scaled)(count, x[i], dy, columns + i * count);
  }
  for (long j = 0; j < count; j++)
    for (long i = 0; i < k; i++) job->out[(first + j) * k + i] = (T)columns[i * count + j];
  ck_free(columns, bytes);
}

static void FN(sparse_gradient)(long rows, long k, long n, const void *x, const void *dy, void *out) {
  FN(sparse_job) job = {.rows = rows, .k = k, .n = n, .x = x, .dy = dy, .out = out};
  ck_parallel(FN(sparse_threads)(rows, n), FN(sparse_gradient_part), &job);
}
