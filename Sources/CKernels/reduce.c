#include "reduce.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "clones.h"
#include "wide.h"

// The largest (`BEATS` is >) or smallest number, NaN coming through: of two rows place by place, and
// of one row, in 16 lanes as below.
#define EXTREME(NAME, BEATS, T)                                                                   \
  CK_CLONES void ck_##NAME##_row_##T(long n, const T *restrict a, T *restrict out) {              \
    for (long i = 0; i < n; i++) out[i] = a[i] BEATS out[i] || a[i] != a[i] ? a[i] : out[i];      \
  }                                                                                               \
  CK_CLONES T ck_row_##NAME##_##T(long n, const T *a) {                                           \
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

// Sums are taken in Double, whatever the numbers are: a Float that has grown to a million takes no
// notice of the next number's last digits. Σ f(x), f being x itself or its squared distance from a
// mean, of the numbers of a row or of several rows place by place.
//
// A row is summed in 16 running sums; of several rows, eight pass through the sums at once, which are
// then read and written an eighth as often.
#define ADD_ROWS(ROWS, TYPE, OFFSET, TERM, T)                                                     \
  if (rows == ROWS) UNROLLED for (int row = 0; row < ROWS; row++) {                               \
    TYPE##_double x = OFFSET(AS_DOUBLE(TYPE, a + row * stride + i, T), offset);                   \
    sum += TERM;                                                                                  \
  }
#define ADD_COLUMNS(COUNT, TYPE, OFFSET, TERM, T)                                                 \
  for (; i + COUNT <= width; i += COUNT) {                                                        \
    TYPE##_double sum = AT(TYPE##_double, sums + i);                                              \
    const TYPE##_double offset = offsets ? AT(const TYPE##_double, offsets + i) : sum;            \
    ADD_ROWS(8, TYPE, OFFSET, TERM, T) else ADD_ROWS(4, TYPE, OFFSET, TERM, T)                    \
    else ADD_ROWS(1, TYPE, OFFSET, TERM, T)                                                       \
    AT(TYPE##_double, sums + i) = sum;                                                            \
  }

#define TERMS(NAME, T, OFFSET, TERM)                                                              \
  CK_CLONES static double row_##NAME##_##T(long n, const T *a, double offset) {                   \
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
  CK_CLONES static void rows_##NAME##_##T(long n, long width, long stride, const T *restrict a,   \
                                          const double *restrict offsets, double *restrict sums) { \
    for (long k = 0, rows; k < n; k += rows, a += rows * stride) {                                \
      rows = n - k < 4 ? 1 : n - k < 8 ? 4 : 8;                                                   \
      long i = 0;                                                                                 \
      ADD_COLUMNS(8, eight, OFFSET, TERM, T)                                                      \
      ADD_COLUMNS(4, four, OFFSET, TERM, T)                                                       \
      for (; i < width; i++)                                                                      \
        for (long row = 0; row < rows; row++) {                                                   \
          double x = OFFSET((double)a[row * stride + i], offsets[i]);                             \
          sums[i] += TERM;                                                                        \
        }                                                                                         \
    }                                                                                             \
  }

#define ITSELF(x, offset) (x)
#define DISTANCE(x, offset) ((x) - (offset))

enum { columns_at_once = 1024, joined = 128, short_row = 40 };

// Σ of `width` neighbouring columns of n rows that are `inner` numbers long, of all columns or of
// some. Short rows that lie one behind the other are joined to long ones, so that a vector takes
// many of them.
#define COLUMNS(NAME, T)                                                                          \
  static void columns_##NAME##_##T(long n, long inner, long width, const T *a,                    \
                                   const double *offsets, double *sums) {                         \
    long together = width == inner && inner <= short_row ? joined / inner : 1;                    \
    if (together > n / 8) together = n < 8 ? 1 : n / 8;                                           \
    double repeated[joined];                                                                      \
    for (long i = 0; i < together * width; i++) {                                                 \
      sums[i] = 0;                                                                                \
      if (offsets && together > 1) repeated[i] = offsets[i % width];                              \
    }                                                                                             \
    if (offsets && together > 1) offsets = repeated;                                              \
    const long whole = n / together, rest = n % together;                                         \
    rows_##NAME##_##T(whole, together * width, together * inner, a, offsets, sums);               \
    a += whole * together * inner;                                                                \
    if (rest > 0) rows_##NAME##_##T(1, rest * width, 0, a, offsets, sums);                        \
    for (long i = width; i < together * width; i++) sums[i % width] += sums[i];                   \
  }

#define REDUCTIONS(T)                                                                             \
  TERMS(sum, T, ITSELF, x)                                                                        \
  TERMS(squares, T, DISTANCE, x *x)                                                               \
  COLUMNS(sum, T)                                                                                 \
  COLUMNS(squares, T)                                                                             \
  static void sum_##T(double divisor, long outer, long n, long inner, const T *a, T *out) {       \
    double sums[columns_at_once];                                                                 \
    if (n == 1) {                                                                                 \
      memcpy(out, a, (size_t)(outer * inner) * sizeof(T));                                        \
      return;                                                                                     \
    }                                                                                             \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner) {                              \
      if (inner == 1) {                                                                           \
        *out = (T)(row_sum_##T(n, a, 0) / divisor);                                               \
        continue;                                                                                 \
      }                                                                                           \
      for (long j = 0; j < inner; j += columns_at_once) {                                         \
        const long width = inner - j < columns_at_once ? inner - j : columns_at_once;             \
        columns_sum_##T(n, inner, width, a + j, NULL, sums);                                      \
        for (long i = 0; i < width; i++) out[j + i] = (T)(sums[i] / divisor);                     \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  static void variance_##T(double divisor, long outer, long n, long inner, const T *a, T *out) {  \
    double means[columns_at_once], sums[columns_at_once];                                         \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner) {                              \
      if (inner == 1) {                                                                           \
        *out = (T)(row_squares_##T(n, a, row_sum_##T(n, a, 0) / (double)n) / divisor);            \
        continue;                                                                                 \
      }                                                                                           \
      for (long j = 0; j < inner; j += columns_at_once) {                                         \
        const long width = inner - j < columns_at_once ? inner - j : columns_at_once;             \
        columns_sum_##T(n, inner, width, a + j, NULL, means);                                     \
        for (long i = 0; i < width; i++) means[i] /= (double)n;                                   \
        columns_squares_##T(n, inner, width, a + j, means, sums);                                 \
        for (long i = 0; i < width; i++) out[j + i] = (T)(sums[i] / divisor);                     \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  CK_CLONES static void center_row_##T(long n, const T *restrict a, double mean,                  \
                                       T *restrict out) {                                         \
    for (long i = 0; i < n; i++) out[i] = (T)((double)a[i] - mean);                               \
  }                                                                                               \
  CK_CLONES static void center_rows_##T(long n, long width, long stride, const T *restrict a,     \
                                        const double *restrict means, T *restrict out) {          \
    for (; n > 0; n--, a += stride, out += stride)                                                \
      for (long i = 0; i < width; i++) out[i] = (T)((double)a[i] - means[i]);                     \
  }                                                                                               \
  static void center_##T(long outer, long n, long inner, const T *a, T *out) {                    \
    double means[columns_at_once];                                                                \
    for (long o = 0; o < outer; o++, a += n * inner, out += n * inner) {                          \
      if (inner == 1) {                                                                           \
        center_row_##T(n, a, row_sum_##T(n, a, 0) / (double)n, out);                              \
        continue;                                                                                 \
      }                                                                                           \
      for (long j = 0; j < inner; j += columns_at_once) {                                         \
        const long width = inner - j < columns_at_once ? inner - j : columns_at_once;             \
        columns_sum_##T(n, inner, width, a + j, NULL, means);                                     \
        for (long i = 0; i < width; i++) means[i] /= (double)n;                                   \
        center_rows_##T(n, width, inner, a + j, means, out + j);                                  \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  EXTREME(max, >, T)                                                                              \
  EXTREME(min, <, T)                                                                              \
  static void reduce_##T(ck_reduction reduction, long outer, long n, long inner, const T *a,      \
                         T *out) {                                                                \
    if (reduction == CK_SUM || reduction == CK_MEAN)                                              \
      return sum_##T(reduction == CK_SUM ? 1 : (double)n, outer, n, inner, a, out);               \
    const bool largest = reduction == CK_REDUCE_MAX;                                              \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner) {                              \
      if (inner == 1) {                                                                           \
        *out = largest ? ck_row_max_##T(n, a) : ck_row_min_##T(n, a);                             \
        continue;                                                                                 \
      }                                                                                           \
      for (long i = 0; i < inner; i++) out[i] = a[i];                                             \
      for (long k = 0; k < n; k++) {                                                              \
        if (largest) ck_max_row_##T(inner, a + k * inner, out);                                   \
        else ck_min_row_##T(inner, a + k * inner, out);                                           \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  static void place_##T(ck_reduction reduction, long outer, long n, long inner, const T *a,       \
                        long *out) {                                                              \
    const T sign = reduction == CK_REDUCE_MAX ? 1 : -1;                                           \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner)                                \
      for (long i = 0; i < inner; i++) {                                                          \
        long best = 0;                                                                            \
        T most = sign * a[i];                                                                     \
        for (long k = 1; k < n && most == most; k++) {                                            \
          T x = sign * a[k * inner + i];                                                          \
          if (x > most || x != x) { best = k; most = x; }                                         \
        }                                                                                         \
        out[i] = best;                                                                            \
      }                                                                                           \
  }

REDUCTIONS(float)
REDUCTIONS(double)

void ck_reduce(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
               const void *a, void *out) {
  if (dtype == CK_F32) reduce_float(reduction, outer, n, inner, a, out);
  else reduce_double(reduction, outer, n, inner, a, out);
}

void ck_variance(ck_dtype dtype, double correction, long outer, long n, long inner, const void *a,
                 void *out) {
  const double divisor = (double)n - correction;
  if (dtype == CK_F32) variance_float(divisor, outer, n, inner, a, out);
  else variance_double(divisor, outer, n, inner, a, out);
}

void ck_center(ck_dtype dtype, long outer, long n, long inner, const void *a, void *out) {
  if (dtype == CK_F32) center_float(outer, n, inner, a, out);
  else center_double(outer, n, inner, a, out);
}

void ck_place(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
              const void *a, long *out) {
  if (dtype == CK_F32) place_float(reduction, outer, n, inner, a, out);
  else place_double(reduction, outer, n, inner, a, out);
}

#define ADD_TAKEN(T)                                                                              \
  CK_CLONES static void add_taken_row_##T(long n, const T *restrict a, double *restrict sums) {   \
    for (long i = 0; i < n; i++) sums[i] += (double)a[i];                                         \
  }                                                                                               \
  CK_CLONES static void round_taken_row_##T(long n, const double *restrict sums, T *restrict out) { \
    for (long i = 0; i < n; i++) out[i] = (T)((double)out[i] + sums[i]);                          \
  }                                                                                               \
  static void add_taken_##T(long count, long rows, long inner, const long *places, const T *a,    \
                            T *out, long *next, long *order) {                                    \
    /* the slices in the order of their places, those of one place in their own order */          \
    memset(next, 0, (size_t)(rows + 1) * sizeof(long));                                           \
    for (long k = 0; k < count; k++) next[places[k] + 1]++;                                       \
    for (long row = 0; row < rows; row++) next[row + 1] += next[row];                             \
    for (long k = 0; k < count; k++) order[next[places[k]]++] = k;                                \
    double sums[columns_at_once];                                                                 \
    for (long k = 0, end; k < count; k = end) {                                                   \
      const long row = places[order[k]];                                                          \
      end = next[row];                                                                            \
      for (long j = 0; j < inner; j += columns_at_once) {                                         \
        const long width = inner - j < columns_at_once ? inner - j : columns_at_once;             \
        memset(sums, 0, (size_t)width * sizeof(double));                                          \
        for (long i = k; i < end; i++) add_taken_row_##T(width, a + order[i] * inner + j, sums);  \
        round_taken_row_##T(width, sums, out + row * inner + j);                                  \
      }                                                                                           \
    }                                                                                             \
  }

ADD_TAKEN(float)
ADD_TAKEN(double)

void ck_add_taken(ck_dtype dtype, long count, long rows, long inner, const long *places,
                  const void *a, void *out) {
  const size_t bytes = (size_t)(rows + 1 + count) * sizeof(long);
  long *next = ck_alloc(bytes), *order = next + rows + 1;
  if (dtype == CK_F32) add_taken_float(count, rows, inner, places, a, out, next, order);
  else add_taken_double(count, rows, inner, places, a, out, next, order);
  ck_free(next, bytes);
}
