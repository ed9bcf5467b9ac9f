#include "softmax.h"

#include <math.h>
#include <stddef.h>

#include "clones.h"
#include "veclog.h"

// Sixteen numbers at a time, which the compiler keeps in vector registers: along a row where the axis
// is the last one, across sixteen neighbouring columns where it is not.
enum { lanes = 16 };

// What the care for the last digits would cost is spent only where it is due:
//   - a difference of more than 16 takes along what it is rounded by, or e^−80 would be 4 millionths
//     off;
//   - where the largest number has nearly all of the sum, the others are added up without it: its
//     logarithm is log(1 + others), and 1 would cover them;
//   - long sums are added up in Double, `terms` numbers of each lane at a time.
enum { terms = 32 };
static const double wide_range = 16, small_rest = 0.125;

#define SOFTMAX(T, S)                                                                             \
  CK_CLONES static double exp_row_##T(long n, const T *a, T largest, T *e) {                      \
    double sum = 0;                                                                               \
    for (long k = 0; k < n;) {                                                                    \
      T total[lanes] = {0};                                                                       \
      long end = n - k < terms * lanes ? n : k + terms * lanes;                                   \
      for (; k + lanes <= end; k += lanes)                                                        \
        for (int l = 0; l < lanes; l++) {                                                         \
          T x = ck_exp_##S(a[k + l] - largest);                                                   \
          total[l] += x;                                                                          \
          e[k + l] = x;                                                                           \
        }                                                                                         \
      T last[lanes];                                                                              \
      long rest = end - k;                                                                        \
      for (int l = 0; rest > 0 && l < lanes; l++)                                                 \
        last[l] = ck_exp_##S((l < rest ? a[k + l] : largest) - largest);                          \
      for (int l = 0; l < rest; l++) {                                                            \
        total[l] += last[l];                                                                      \
        e[k + l] = last[l];                                                                       \
      }                                                                                           \
      k = end;                                                                                    \
      for (int width = lanes / 2; width > 0; width /= 2)                                          \
        for (int l = 0; l < width; l++) total[l] += total[l + width];                             \
      sum += (double)total[0];                                                                    \
    }                                                                                             \
    return sum;                                                                                   \
  }                                                                                               \
  CK_CLONES static double exp_wide_row_##T(long n, const T *a, T largest, T *e) {                 \
    double sum = 0;                                                                               \
    for (long k = 0; k < n; k++) e[k] = ck_exp_difference_##S(a[k], largest);                     \
    for (long k = 0; k < n; k++) sum += (double)e[k];                                             \
    return sum;                                                                                   \
  }                                                                                               \
  /* Σ e but for the largest numbers' */                                                          \
  CK_CLONES static double others_##T(long n, const T *a, T largest, const T *e) {                 \
    double sum[lanes] = {0};                                                                      \
    for (long k = 0; k < n; k++) sum[k % lanes] += a[k] == largest ? 0 : (double)e[k];            \
    for (int l = 1; l < lanes; l++) sum[0] += sum[l];                                             \
    return sum[0];                                                                                \
  }                                                                                               \
  CK_CLONES static void extremes_##T(long n, const T *a, T *largest, T *smallest) {               \
    T most[lanes], least[lanes];                                                                  \
    for (int l = 0; l < lanes; l++) most[l] = least[l] = a[0];                                    \
    long k = 0;                                                                                   \
    for (; k + lanes <= n; k += lanes)                                                            \
      for (int l = 0; l < lanes; l++) {                                                           \
        most[l] = a[k + l] > most[l] ? a[k + l] : most[l];                                        \
        least[l] = a[k + l] < least[l] ? a[k + l] : least[l];                                     \
      }                                                                                           \
    for (int l = 0; k < n; k++, l++) {                                                            \
      most[l] = a[k] > most[l] ? a[k] : most[l];                                                  \
      least[l] = a[k] < least[l] ? a[k] : least[l];                                               \
    }                                                                                             \
    for (int width = lanes / 2; width > 0; width /= 2)                                            \
      for (int l = 0; l < width; l++) {                                                           \
        most[l] = most[l + width] > most[l] ? most[l + width] : most[l];                          \
        least[l] = least[l + width] < least[l] ? least[l + width] : least[l];                     \
      }                                                                                           \
    *largest = most[0];                                                                           \
    *smallest = least[0];                                                                         \
  }                                                                                               \
  CK_CLONES void ck_softmax_row_##T(int logarithm, long n, const T *a, T *out) {                  \
    T largest, smallest;                                                                          \
    extremes_##T(n, a, &largest, &smallest);                                                      \
    double sum = (double)largest - (double)smallest > wide_range                                  \
                     ? exp_wide_row_##T(n, a, largest, out)                                       \
                     : exp_row_##T(n, a, largest, out);                                           \
    if (logarithm) {                                                                              \
      double rest = sum - 1 < small_rest ? others_##T(n, a, largest, out) : sum - 1;              \
      /* In this order: largest + log(total) would be rounded as coarsely as the largest. */      \
      T shift = ck_log1p_##S((T)rest);                                                                  \
      for (long k = 0; k < n; k++) out[k] = (a[k] - largest) - shift;                             \
    } else {                                                                                      \
      T total = (T)sum;                                                                           \
      for (long k = 0; k < n; k++) out[k] /= total;                                               \
    }                                                                                             \
  }                                                                                               \
  CK_CLONES void ck_softmax_columns_##T(int logarithm, long n, long step, long width, const T *a, \
                                        T *out) {                                                 \
    T most[lanes], least[lanes], shift[lanes];                                                    \
    double total[lanes] = {0};                                                                    \
    int wide = 0, covered = 0;                                                                    \
    for (long l = 0; l < width; l++) most[l] = least[l] = a[l];                                   \
    for (long k = 1; k < n; k++)                                                                  \
      for (long l = 0; l < width; l++) {                                                          \
        T x = a[k * step + l];                                                                    \
        most[l] = x > most[l] ? x : most[l];                                                      \
        least[l] = x < least[l] ? x : least[l];                                                   \
      }                                                                                           \
    for (long l = 0; l < width; l++) wide |= (double)most[l] - (double)least[l] > wide_range;     \
    for (long k0 = 0; k0 < n; k0 += terms) {                                                      \
      T some[lanes] = {0};                                                                        \
      for (long k = k0; k < n && k < k0 + terms; k++) {                                           \
        if (wide)                                                                                 \
          for (long l = 0; l < width; l++)                                                        \
            out[k * step + l] = ck_exp_difference_##S(a[k * step + l], most[l]);                  \
        else                                                                                      \
          for (long l = 0; l < width; l++)                                                        \
            out[k * step + l] = ck_exp_##S(a[k * step + l] - most[l]);                            \
        for (long l = 0; l < width; l++) some[l] += out[k * step + l];                            \
      }                                                                                           \
      for (long l = 0; l < width; l++) total[l] += (double)some[l];                               \
    }                                                                                             \
    for (long l = 0; l < width; l++) covered |= logarithm && total[l] - 1 < small_rest;           \
    if (covered)                                                                                  \
      for (long l = 0; l < width; l++) {                                                          \
        double rest = 0;                                                                          \
        for (long k = 0; k < n; k++)                                                              \
          rest += a[k * step + l] == most[l] ? 0 : (double)out[k * step + l];                     \
        shift[l] = ck_log1p_##S((T)(total[l] - 1 < small_rest ? rest : total[l] - 1));                    \
      }                                                                                           \
    else                                                                                          \
      for (long l = 0; l < width; l++)                                                            \
        shift[l] = logarithm ? ck_log1p_##S((T)(total[l] - 1)) : (T)total[l];                             \
    for (long k = 0; k < n; k++)                                                                  \
      for (long l = 0; l < width; l++) {                                                          \
        long i = k * step + l;                                                                    \
        out[i] = logarithm ? (a[i] - most[l]) - shift[l] : out[i] / shift[l];                     \
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
  /* the same from the logits, whose differences are exact where logarithms are rounded: for rows \
     with very small probabilities */                                                             \
  CK_CLONES static int wide_nll_##T(long n, T scale, const T *log_p, const T *logits, T *out) {   \
    T largest, smallest, most, least;                                                             \
    extremes_##T(n, log_p, &most, &least);                                                        \
    if (!(least < -wide_range)) return 0;                                                         \
    extremes_##T(n, logits, &largest, &smallest);                                                 \
    scale *= ck_exp_##S(most);                                                                    \
    for (long k = 0; k < n; k++) out[k] = scale * ck_exp_difference_##S(logits[k], largest);      \
    return 1;                                                                                     \
  }                                                                                               \
  /* s·(dy − Σ dy·s). The same for dy less a number: taken from that of the largest s, nothing      \
     cancels where this is nearly 1. */                                                           \
  CK_CLONES static void softmax_grad_row_##T(long n, long most, const T *s, const T *dy, T *out) { \
    const T first = dy[most];                                                                     \
    double sum[lanes] = {0};                                                                      \
    for (long k = 0; k < n; k++) sum[k % lanes] += (double)(s[k] * (dy[k] - first));              \
    for (int l = 1; l < lanes; l++) sum[0] += sum[l];                                             \
    const T mean = (T)sum[0];                                                                     \
    for (long k = 0; k < n; k++) out[k] = s[k] * ((dy[k] - first) - mean);                        \
  }                                                                                               \
  /* dy − p·Σ dy; where p is largest −dy·(p − 1) − p·(Σ of the other dy), in which again nothing    \
     cancels */                                                                                   \
  CK_CLONES static void log_softmax_grad_row_##T(long n, long most, const T *x, const T *log_p,   \
                                                 const T *dy, T *out) {                           \
    double sum[lanes] = {0};                                                                      \
    for (long k = 0; k < n; k++) sum[k % lanes] += k == most ? 0 : (double)dy[k];                 \
    for (int l = 1; l < lanes; l++) sum[0] += sum[l];                                             \
    const T others = (T)sum[0], all = (T)(sum[0] + (double)dy[most]), p = ck_exp_##S(log_p[most]); \
    for (long k = 0; k < n; k++)                                                                  \
      out[k] = dy[k] - p * ck_exp_difference_##S(x[k], x[most]) * all;                            \
    out[most] = -dy[most] * ck_expm1_##S(log_p[most]) - p * others;                               \
  }                                                                                               \
  static void softmax_grad_##T(int logarithm, long rows, long n, const T *x, const T *y,          \
                               const T *dy, T *out) {                                             \
    for (long row = 0; row < rows; row++, x += n, y += n, dy += n, out += n) {                    \
      long most = 0;                                                                              \
      for (long k = 1; k < n; k++) most = y[k] > y[most] ? k : most;                              \
      if (logarithm) log_softmax_grad_row_##T(n, most, x, y, dy, out);                            \
      else softmax_grad_row_##T(n, most, y, dy, out);                                             \
    }                                                                                             \
  }                                                                                               \
  static void nll_grad_##T(const T *logits, long outer, long n, long inner, const T *log_p,       \
                           const long *target, long ignored, T scale, const T *dy, long stride,   \
                           T *out) {                                                              \
    const int through_softmax = logits != NULL;                                                   \
    for (long o = 0; o < outer; o++, log_p += n * inner, out += n * inner)                        \
      for (long i = 0; i < inner; i++) {                                                          \
        long sample = o * inner + i, place = target[sample];                                      \
        T g = place == ignored ? 0 : scale * dy[sample * stride];                                 \
        if (!through_softmax || place == ignored)                                                 \
          for (long k = 0; k < n; k++) out[k * inner + i] = 0;                                    \
        else if (inner > 1)                                                                       \
          for (long k = 0; k < n; k++)                                                            \
            out[k * inner + i] = g * ck_exp_##S(log_p[k * inner + i]);                            \
        else if (!wide_nll_##T(n, g, log_p, logits + o * n, out))                                 \
          ck_scaled_exp_##T(n, g, log_p, out);                                                    \
        if (place == ignored) continue;                                                           \
        /* p − 1 */                                                                               \
        out[place * inner + i] =                                                                  \
            through_softmax ? g * ck_expm1_##S(log_p[place * inner + i]) : -g;                    \
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

void ck_softmax_grad(ck_dtype dtype, int logarithm, long rows, long n, const void *x, const void *y,
                     const void *dy, void *out) {
  if (n == 0) return;
  if (dtype == CK_F32) softmax_grad_float(logarithm, rows, n, x, y, dy, out);
  else softmax_grad_double(logarithm, rows, n, x, y, dy, out);
}

void ck_nll(ck_dtype dtype, long outer, long n, long inner, const void *log_p, const long *target,
            long ignored, void *losses) {
  if (dtype == CK_F32) nll_float(outer, n, inner, log_p, target, ignored, losses);
  else nll_double(outer, n, inner, log_p, target, ignored, losses);
}

void ck_nll_grad(ck_dtype dtype, const void *logits, long outer, long n, long inner,
                 const void *log_p, const long *target, long ignored, double scale, const void *dy,
                 long stride_dy, void *out) {
  if (dtype == CK_F32)
    nll_grad_float(logits, outer, n, inner, log_p, target, ignored, (float)scale, dy,
                   stride_dy, out);
  else
    nll_grad_double(logits, outer, n, inner, log_p, target, ignored, scale, dy, stride_dy,
                    out);
}
