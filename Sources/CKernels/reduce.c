#include "reduce.h"

#include "clones.h"

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
  CK_CLONES void ck_max_row_##T(long n, const T *restrict a, T *restrict out) {                   \
    for (long i = 0; i < n; i++) out[i] = a[i] > out[i] || a[i] != a[i] ? a[i] : out[i];          \
  }                                                                                               \
  CK_CLONES void ck_min_row_##T(long n, const T *restrict a, T *restrict out) {                   \
    for (long i = 0; i < n; i++) out[i] = a[i] < out[i] || a[i] != a[i] ? a[i] : out[i];          \
  }                                                                                               \
  static void reduce_##T(ck_reduction reduction, long outer, long n, long inner, const T *a,      \
                         T *out) {                                                                \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner) {                              \
      if (inner == 1 && reduction == CK_SUM) {                                                    \
        *out = ck_row_sum_##T(n, a);                                                              \
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
  static void argmax_##T(long outer, long n, long inner, const T *a, long *out) {                 \
    for (long o = 0; o < outer; o++, a += n * inner, out += inner)                                \
      for (long i = 0; i < inner; i++) {                                                          \
        long best = 0;                                                                            \
        T largest = a[i];                                                                         \
        for (long k = 1; k < n && largest == largest; k++) {                                      \
          T x = a[k * inner + i];                                                                 \
          if (x > largest || x != x) { best = k; largest = x; }                                   \
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

void ck_argmax(ck_dtype dtype, long outer, long n, long inner, const void *a, long *out) {
  if (dtype == CK_F32) argmax_float(outer, n, inner, a, out);
  else argmax_double(outer, n, inner, a, out);
}
