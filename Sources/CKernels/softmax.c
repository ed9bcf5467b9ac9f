#include "softmax.h"

#include "clones.h"
#include "veclog.h"

// Sixteen numbers at a time, which the compiler keeps in vector registers: along a row where the axis
// is the last one, across sixteen neighbouring columns where it is not.
enum { lanes = 16 };

#define SOFTMAX(T, S)                                                                             \
  CK_CLONES void ck_softmax_row_##T(int logarithm, long n, const T *a, T *out) {                  \
    T most[lanes], total[lanes], last[lanes];                                                     \
    long whole = n / lanes * lanes, rest = n - whole;                                             \
    for (int l = 0; l < lanes; l++) {                                                             \
      most[l] = a[0];                                                                             \
      total[l] = 0;                                                                               \
    }                                                                                             \
    for (int l = 0; l < lanes; l++) last[l] = l < rest ? a[whole + l] : a[0];                     \
    for (long k = 0; k < whole; k += lanes)                                                       \
      for (int l = 0; l < lanes; l++) most[l] = a[k + l] > most[l] ? a[k + l] : most[l];          \
    for (int l = 0; l < lanes; l++) most[l] = last[l] > most[l] ? last[l] : most[l];              \
    T largest = most[0];                                                                          \
    for (int l = 1; l < lanes; l++) largest = most[l] > largest ? most[l] : largest;              \
    for (long k = 0; k < whole; k += lanes)                                                       \
      for (int l = 0; l < lanes; l++) {                                                           \
        T e = ck_exp_##S(a[k + l] - largest);                                                     \
        total[l] += e;                                                                            \
        out[k + l] = e;                                                                           \
      }                                                                                           \
    for (int l = 0; l < lanes; l++) last[l] = ck_exp_##S(last[l] - largest);                      \
    for (int l = 0; l < lanes; l++) total[l] += l < rest ? last[l] : 0;                           \
    for (int width = lanes / 2; width > 0; width /= 2)                                            \
      for (int l = 0; l < width; l++) total[l] += total[l + width];                               \
    if (logarithm) {                                                                              \
      /* In this order: largest + log(total) would be rounded as coarsely as the largest. */      \
      T shift = ck_log_##S(total[0]);                                                             \
      for (long k = 0; k < n; k++) out[k] = (a[k] - largest) - shift;                             \
    } else {                                                                                      \
      for (long l = 0; l < rest; l++) out[whole + l] = last[l];                                   \
      for (long k = 0; k < n; k++) out[k] /= total[0];                                            \
    }                                                                                             \
  }                                                                                               \
  CK_CLONES void ck_softmax_columns_##T(int logarithm, long n, long step, long width, const T *a, \
                                        T *out) {                                                 \
    T most[lanes], total[lanes] = {0};                                                            \
    for (long l = 0; l < width; l++) most[l] = a[l];                                              \
    for (long k = 1; k < n; k++)                                                                  \
      for (long l = 0; l < width; l++)                                                            \
        most[l] = a[k * step + l] > most[l] ? a[k * step + l] : most[l];                          \
    for (long k = 0; k < n; k++)                                                                  \
      for (long l = 0; l < width; l++) {                                                          \
        T e = ck_exp_##S(a[k * step + l] - most[l]);                                              \
        total[l] += e;                                                                            \
        out[k * step + l] = e;                                                                    \
      }                                                                                           \
    if (logarithm)                                                                                \
      for (long l = 0; l < width; l++) total[l] = ck_log_##S(total[l]);                           \
    for (long k = 0; k < n; k++)                                                                  \
      for (long l = 0; l < width; l++) {                                                          \
        long i = k * step + l;                                                                    \
        out[i] = logarithm ? (a[i] - most[l]) - total[l] : out[i] / total[l];                     \
      }                                                                                           \
  }                                                                                               \
  static void softmax_##T(int logarithm, long outer, long n, long inner, const T *a, T *out) {    \
    for (long o = 0; o < outer; o++, a += n * inner, out += n * inner) {                          \
      if (inner == 1) ck_softmax_row_##T(logarithm, n, a, out);                                   \
      else                                                                                        \
        for (long i = 0; i < inner; i += lanes)                                                   \
          ck_softmax_columns_##T(logarithm, n, inner, inner - i < lanes ? inner - i : lanes,      \
                                 a + i, out + i);                                                 \
    }                                                                                             \
  }                                                                                               \
  static void nll_##T(long outer, long n, long inner, const T *log_p, const long *target,         \
                      long ignored, T *losses) {                                                  \
    for (long o = 0; o < outer; o++)                                                              \
      for (long i = 0; i < inner; i++) {                                                          \
        long k = target[o * inner + i];                                                           \
        losses[o * inner + i] = k == ignored ? 0 : -log_p[(o * n + k) * inner + i];               \
      }                                                                                           \
  }                                                                                               \
  CK_CLONES void ck_scaled_exp_##T(long n, T scale, const T *a, T *out) {                         \
    for (long k = 0; k < n; k++) out[k] = scale * ck_exp_##S(a[k]);                               \
  }                                                                                               \
  static void nll_grad_##T(int through_softmax, long outer, long n, long inner, const T *log_p,   \
                           const long *target, long ignored, T scale, const T *dy, long stride,   \
                           T *out) {                                                              \
    for (long o = 0; o < outer; o++, log_p += n * inner, out += n * inner)                        \
      for (long i = 0; i < inner; i++) {                                                          \
        long sample = o * inner + i, place = target[sample];                                      \
        T g = place == ignored ? 0 : scale * dy[sample * stride];                                 \
        if (!through_softmax || place == ignored)                                                 \
          for (long k = 0; k < n; k++) out[k * inner + i] = 0;                                    \
        else if (inner == 1) ck_scaled_exp_##T(n, g, log_p, out);                                 \
        else                                                                                      \
          for (long k = 0; k < n; k++)                                                            \
            out[k * inner + i] = g * ck_exp_##S(log_p[k * inner + i]);                            \
        if (place != ignored) out[place * inner + i] -= g;                                        \
      }                                                                                           \
  }

SOFTMAX(float, f32)
SOFTMAX(double, f64)

void ck_softmax(ck_dtype dtype, int logarithm, long outer, long n, long inner, const void *a,
                void *out) {
  if (n == 0) return;
  if (dtype == CK_F32) softmax_float(logarithm, outer, n, inner, a, out);
  else softmax_double(logarithm, outer, n, inner, a, out);
}

void ck_nll(ck_dtype dtype, long outer, long n, long inner, const void *log_p, const long *target,
            long ignored, void *losses) {
  if (dtype == CK_F32) nll_float(outer, n, inner, log_p, target, ignored, losses);
  else nll_double(outer, n, inner, log_p, target, ignored, losses);
}

void ck_nll_grad(ck_dtype dtype, int through_softmax, long outer, long n, long inner,
                 const void *log_p, const long *target, long ignored, double scale, const void *dy,
                 long stride_dy, void *out) {
  if (dtype == CK_F32)
    nll_grad_float(through_softmax, outer, n, inner, log_p, target, ignored, (float)scale, dy,
                   stride_dy, out);
  else
    nll_grad_double(through_softmax, outer, n, inner, log_p, target, ignored, scale, dy, stride_dy,
                    out);
}
