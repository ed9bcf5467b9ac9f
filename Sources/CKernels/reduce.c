#include "reduce.h"

#include "clones.h"

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

// A row is summed in 16 running sums, which the compiler keeps in vector registers; they also make
// the rounding error grow with n/16 rather than n.
#define REDUCTIONS(T)                                                                             \
  CK_CLONES T ck_row_sum_##T(long n, const T *a) {                                                \
    T lane[16] = {0};                                                                             \
    long i = 0;                                                                                   \
    for (; i + 16 <= n; i += 16)                                                                  \
      for (int k = 0; k < 16; k++) lane[k] += a[i + k];                                           \
    for (int k = 0; i < n; i++, k++) lane[k] += a[i];                                             \
    for (int width = 8; width > 0; width /= 2)                                                    \
      for (int k = 0; k < width; k++) lane[k] += lane[k + width];                                 \
    return lane[0];                                                                               \
  }                                                                                               \
  CK_CLONES void ck_add_row_##T(long n, const T *restrict a, T *restrict out) {                   \
    for (long i = 0; i < n; i++) out[i] += a[i];                                                  \
  }                                                                                               \
  EXTREME(max, >, T)                                                                              \
  EXTREME(min, <, T)                                                                              \
  static void reduce_##T(ck_reduction reduction, long outer, long n, long inner, const T *a,      \
                         T *out) {                                                                \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner) {                              \
      if (inner == 1) {                                                                           \
        *out = reduction == CK_SUM          ? ck_row_sum_##T(n, a)                                \
               : reduction == CK_REDUCE_MAX ? ck_row_max_##T(n, a)                                \
                                            : ck_row_min_##T(n, a);                               \
        continue;                                                                                 \
      }                                                                                           \
      for (long i = 0; i < inner; i++) out[i] = reduction == CK_SUM ? 0 : a[i];                   \
      for (long k = 0; k < n; k++) {                                                              \
        const T *row = a + k * inner;                                                             \
        if (reduction == CK_SUM) ck_add_row_##T(inner, row, out);                                 \
        else if (reduction == CK_REDUCE_MAX) ck_max_row_##T(inner, row, out);                     \
        else ck_min_row_##T(inner, row, out);                                                     \
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

void ck_place(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
              const void *a, long *out) {
  if (dtype == CK_F32) place_float(reduction, outer, n, inner, a, out);
  else place_double(reduction, outer, n, inner, a, out);
}
