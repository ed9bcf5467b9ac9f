// Reductions of an array seen as [outer, n, inner] along its middle axis, to [outer, inner].

// The largest (`BEATS` is >) or smallest number, NaN coming through: of two rows place by place, and
// of one row, in 16 lanes as below.
#define EXTREME(NAME, BEATS)                                                                      \
  static void FN(NAME##_row)(long n, const T *restrict a, T *restrict out) {                      \
    for (long i = 0; i < n; i++) out[i] = a[i] BEATS out[i] || a[i] != a[i] ? a[i] : out[i];      \
  }                                                                                               \
  static T FN(row_##NAME)(long n, const T *a) {                                                   \
    T lane[16];                                                                                   \
    long i = 0;                                                                                   \
    for (int k = 0; k < 16; k++) lane[k] = a[0];                                                  \
    for (; i + 16 <= n; i += 16)                                                                  \
      for (int k = 0; k < 16; k++)                                                                \
        lane[k] = a[i + k] BEATS lane[k] || a[i + k] != a[i + k] ? a[i + k] : lane[k];            \
    for (; i < n; i++) lane[0] = a[i] BEATS lane[0] || a[i] != a[i] ? a[i] : lane[0];             \
    for (int k = 1; k < 16; k++)                                                                  \
      lane[0] = lane[k] BEATS lane[0] || lane[k] != lane[k] ? lane[k] : lane[0];                  \
    return lane[0];                                                                               \
  }

#define EXTREME_OVER(REDUCTION, NAME)                                                             \
  static void FN(REDUCTION)(long outer, long n, long inner, const void *pa, void *po) {           \
    const T *a = pa;                                                                              \
    T *out = po;                                                                                  \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner) {                              \
      if (inner == 1) {                                                                           \
        *out = FN(row_##NAME)(n, a);                                                              \
        continue;                                                                                 \
      }                                                                                           \
      for (long i = 0; i < inner; i++) out[i] = a[i];                                             \
      for (long k = 0; k < n; k++) FN(NAME##_row)(inner, a + k * inner, out);                     \
    }                                                                                             \
  }

EXTREME(max, >)
EXTREME(min, <)
EXTREME_OVER(largest, max)
EXTREME_OVER(smallest, min)

// Sums are taken in Double, whatever the numbers are: a Float that has grown to a million takes no
// notice of the next number's last digits. Σ f(x), f being x itself or its squared distance from a
// mean, of the numbers of a row or of several rows place by place.
//
// A row is summed in 16 running sums; of several rows, eight pass through the sums at once, which are
// then read and written an eighth as often.
#define ADD_ROWS(COUNT, KIND, OFFSET, TERM)                                                       \
  if (rows == COUNT) UNROLLED for (int row = 0; row < COUNT; row++) {                             \
    KIND##_double x = OFFSET(AS_DOUBLE(KIND, a + row * stride + i, T), offset);                   \
    sum += TERM;                                                                                  \
  }
#define ADD_COLUMNS(COUNT, KIND, OFFSET, TERM)                                                    \
  for (; i + COUNT <= width; i += COUNT) {                                                        \
    KIND##_double sum = WIDE(KIND##_double, sums + i);                                            \
    const KIND##_double offset UNUSED = offsets ? WIDE(const KIND##_double, offsets + i) : sum;   \
    ADD_ROWS(8, KIND, OFFSET, TERM) else ADD_ROWS(4, KIND, OFFSET, TERM)                          \
    else ADD_ROWS(1, KIND, OFFSET, TERM)                                                          \
    WIDE(KIND##_double, sums + i) = sum;                                                          \
  }

#define TERMS_OF(NAME, OFFSET, TERM)                                                              \
  static double FN(row_##NAME)(long n, const T *a, double offset) {                               \
    double sum = 0;                                                                               \
    long i = 0;                                                                                   \
    if (n >= 8) {                                                                                 \
      eight_double sums = {0}, others = {0};                                                      \
      for (; i + 16 <= n; i += 16) {                                                              \
        eight_double x = OFFSET(AS_DOUBLE(eight, a + i, T), offset);                              \
        sums += TERM;                                                                             \
        x = OFFSET(AS_DOUBLE(eight, a + i + 8, T), offset);                                       \
        others += TERM;                                                                           \
      }                                                                                           \
      if (i + 8 <= n) {                                                                           \
        eight_double x = OFFSET(AS_DOUBLE(eight, a + i, T), offset);                              \
        sums += TERM;                                                                             \
        i += 8;                                                                                   \
      }                                                                                           \
      sums += others;                                                                             \
      sum = TOTAL(sums);                                                                          \
    }                                                                                             \
    for (; i < n; i++) {                                                                          \
      double x = OFFSET((double)a[i], offset);                                                    \
      sum += TERM;                                                                                \
    }                                                                                             \
    return sum;                                                                                   \
  }                                                                                               \
  static void FN(rows_##NAME)(long n, long width, long stride, const T *restrict a,               \
                                          const double *restrict offsets, double *restrict sums) { \
    for (long k = 0, rows; k < n; k += rows, a += rows * stride) {                                \
      rows = n - k < 4 ? 1 : n - k < 8 ? 4 : 8;                                                   \
      long i = 0;                                                                                 \
      ADD_COLUMNS(8, eight, OFFSET, TERM)                                                         \
      ADD_COLUMNS(4, four, OFFSET, TERM)                                                          \
      for (; i < width; i++)                                                                      \
        for (long row = 0; row < rows; row++) {                                                   \
          double x = OFFSET((double)a[row * stride + i], offsets[i]);                             \
          sums[i] += TERM;                                                                        \
        }                                                                                         \
    }                                                                                             \
  }

#define ITSELF(x, offset) (x)
#define DISTANCE(x, offset) ((x) - (offset))

enum { FN(columns_summed) = 1024, FN(joined) = 128, FN(short_row) = 40 };

// Σ of `width` neighboring columns of n rows that are `inner` numbers long, of all columns or of
// some. Short rows that lie one behind the other are FN(joined) to long ones, so that a vector takes
// many of them.
#define COLUMNS(NAME)                                                                             \
  static void FN(columns_##NAME)(long n, long inner, long width, const T *a,                      \
                                   const double *offsets, double *sums) {                         \
    long together = width == inner && inner <= FN(short_row) ? FN(joined) / inner : 1;            \
    if (together > n / 8) together = n < 8 ? 1 : n / 8;                                           \
    double repeated[FN(joined)];                                                                  \
    for (long i = 0; i < together * width; i++) {                                                 \
      sums[i] = 0;                                                                                \
      if (offsets && together > 1) repeated[i] = offsets[i % width];                              \
    }                                                                                             \
    if (offsets && together > 1) offsets = repeated;                                              \
    const long whole = n / together, rest = n % together;                                         \
    FN(rows_##NAME)(whole, together * width, together * inner, a, offsets, sums);                 \
    a += whole * together * inner;                                                                \
    if (rest > 0) FN(rows_##NAME)(1, rest * width, 0, a, offsets, sums);                          \
    for (long i = width; i < together * width; i++) sums[i % width] += sums[i];                   \
  }

TERMS_OF(sum, ITSELF, x)
TERMS_OF(squares, DISTANCE, x * x)
COLUMNS(sum)
COLUMNS(squares)

static void FN(sum_over)(double divisor, long outer, long n, long inner, const T *a, T *out) {
  double sums[FN(columns_summed)];
  if (n == 1) {
    memcpy(out, a, (size_t)(outer * inner) * sizeof(T));
    return;
  }
  for (long o = 0; o < outer; o++, a += n * inner, out += inner) {
    if (inner == 1) {
      *out = (T)(FN(row_sum)(n, a, 0) / divisor);
      continue;
    }
    for (long j = 0; j < inner; j += FN(columns_summed)) {
      const long width = inner - j < FN(columns_summed) ? inner - j : FN(columns_summed);
      FN(columns_sum)(n, inner, width, a + j, NULL, sums);
      for (long i = 0; i < width; i++) out[j + i] = (T)(sums[i] / divisor);
    }
  }
}

static void FN(sum)(long outer, long n, long inner, const void *a, void *out) {
  FN(sum_over)(1, outer, n, inner, a, out);
}

static void FN(mean)(long outer, long n, long inner, const void *a, void *out) {
  FN(sum_over)((double)n, outer, n, inner, a, out);
}

static void FN(variance)(double correction, long outer, long n, long inner, const void *pa,
                         void *po) {
  const double divisor = (double)n - correction;
  const T *a = pa;
  T *out = po;
  double means[FN(columns_summed)], sums[FN(columns_summed)];
  for (long o = 0; o < outer; o++, a += n * inner, out += inner) {
    if (inner == 1) {
      *out = (T)(FN(row_squares)(n, a, FN(row_sum)(n, a, 0) / (double)n) / divisor);
      continue;
    }
    for (long j = 0; j < inner; j += FN(columns_summed)) {
      const long width = inner - j < FN(columns_summed) ? inner - j : FN(columns_summed);
      FN(columns_sum)(n, inner, width, a + j, NULL, means);
      for (long i = 0; i < width; i++) means[i] /= (double)n;
      FN(columns_squares)(n, inner, width, a + j, means, sums);
      for (long i = 0; i < width; i++) out[j + i] = (T)(sums[i] / divisor);
    }
  }
}

static void FN(center_row)(long n, const T *restrict a, double mean,
                           T *restrict out) {
  for (long i = 0; i < n; i++) out[i] = (T)((double)a[i] - mean);
}

static void FN(center_rows)(long n, long width, long stride, const T *restrict a,
                            const double *restrict means, T *restrict out) {
  for (; n > 0; n--, a += stride, out += stride)
    for (long i = 0; i < width; i++) out[i] = (T)((double)a[i] - means[i]);
}

static void FN(center)(long outer, long n, long inner, const void *pa, void *po) {
  const T *a = pa;
  T *out = po;
  double means[FN(columns_summed)];
  for (long o = 0; o < outer; o++, a += n * inner, out += n * inner) {
    if (inner == 1) {
      FN(center_row)(n, a, FN(row_sum)(n, a, 0) / (double)n, out);
      continue;
    }
    for (long j = 0; j < inner; j += FN(columns_summed)) {
      const long width = inner - j < FN(columns_summed) ? inner - j : FN(columns_summed);
      FN(columns_sum)(n, inner, width, a + j, NULL, means);
      for (long i = 0; i < width; i++) means[i] /= (double)n;
      FN(center_rows)(n, width, inner, a + j, means, out + j);
    }
  }
}

static void FN(place)(int largest, long outer, long n, long inner, const void *pa, long *out) {
  const T sign = largest ? 1 : -1, *a = pa;
  for (long o = 0; o < outer; o++, a += n * inner, out += inner)
    for (long i = 0; i < inner; i++) {
      long best = 0;
      T most = sign * a[i];
      for (long k = 1; k < n && most == most; k++) {
        T x = sign * a[k * inner + i];
        if (x > most || x != x) { best = k; most = x; }
      }
      out[i] = best;
    }
}

static void FN(add_taken_row)(long n, const T *restrict a, double *restrict sums) {
  for (long i = 0; i < n; i++) sums[i] += (double)a[i];
}

static void FN(round_taken_row)(long n, const double *restrict sums, T *restrict out) {
  for (long i = 0; i < n; i++) out[i] = (T)((double)out[i] + sums[i]);
}

static void FN(add_taken)(long count, long rows, long inner, const long *places, const void *pa,
                          void *po) {
  const T *a = pa;
  T *out = po;
  const size_t bytes = (size_t)(rows + 1 + count) * sizeof(long);
  long *next = ck_alloc(bytes), *order = next + rows + 1;
  // the slices in the order of their places, those of one place in their own order
  memset(next, 0, (size_t)(rows + 1) * sizeof(long));
  for (long k = 0; k < count; k++) next[places[k] + 1]++;
  for (long row = 0; row < rows; row++) next[row + 1] += next[row];
  for (long k = 0; k < count; k++) order[next[places[k]]++] = k;
  double sums[FN(columns_summed)];
  for (long k = 0, end; k < count; k = end) {
    const long row = places[order[k]];
    end = next[row];
    for (long j = 0; j < inner; j += FN(columns_summed)) {
      const long width = inner - j < FN(columns_summed) ? inner - j : FN(columns_summed);
      memset(sums, 0, (size_t)width * sizeof(double));
      for (long i = k; i < end; i++) FN(add_taken_row)(width, a + order[i] * inner + j, sums);
      FN(round_taken_row)(width, sums, out + row * inner + j);
    }
  }
  ck_free(next, bytes);
}
