#include "optim.h"

#include <math.h>

#include "clones.h"

#define OPTIMIZERS(T, F)                                                                         \
  CK_CLONES void ck_sgd_##T(long n, T rate, T momentum, T taken, T decay, int nesterov,          \
                            const T *restrict g, T *restrict m, T *restrict p) {                 \
    if (momentum == 0) {                                                                         \
      for (long i = 0; i < n; i++) p[i] -= rate * (g[i] + decay * p[i]);                         \
      return;                                                                                    \
    }                                                                                            \
    for (long i = 0; i < n; i++) {                                                               \
      T d = g[i] + decay * p[i];                                                                 \
      T b = m[i] = momentum * m[i] + taken * d;                                                  \
      p[i] -= rate * (nesterov ? d + momentum * b : b);                                          \
    }                                                                                            \
  }                                                                                              \
  CK_CLONES void ck_rmsprop_##T(long n, T rate, T alpha, T left, T eps, T momentum, T decay,     \
                                const T *restrict g, T *restrict s, T *restrict a,               \
                                T *restrict m, T *restrict p) {                                  \
    for (long i = 0; i < n; i++) {                                                               \
      T d = g[i] + decay * p[i];                                                                 \
      T square = s[i] = alpha * s[i] + left * d * d;                                             \
      if (a) {                                                                                   \
        a[i] += left * (d - a[i]);                                                               \
        square -= a[i] * a[i];                                                                   \
      }                                                                                          \
      T step = d / (F(sqrt)(square) + eps);                                                      \
      if (m) step = m[i] = momentum * m[i] + step;                                               \
      p[i] -= rate * step;                                                                       \
    }                                                                                            \
  }                                                                                              \
  CK_CLONES void ck_adam_##T(long n, T step_size, T left1, T beta2, T left2, T eps, T correction, \
                             T decay, T shrink, const T *restrict g, T *restrict m,              \
                             T *restrict v, T *restrict largest, T *restrict p) {                \
    for (long i = 0; i < n; i++) {                                                               \
      T x = p[i] * shrink;                                                                       \
      T d = g[i] + decay * x;                                                                    \
      T mean = m[i] += left1 * (d - m[i]);                                                       \
      T square = v[i] = beta2 * v[i] + left2 * d * d;                                            \
      if (largest) square = largest[i] = largest[i] > square ? largest[i] : square;              \
      p[i] = x - step_size * mean / (F(sqrt)(square) / correction + eps);                        \
    }                                                                                            \
  }                                                                                              \
  CK_CLONES double ck_sum_squares_##T(long n, const T *x) {                                      \
    double lanes[16] = {0};                                                                      \
    long i = 0;                                                                                  \
    for (; i + 16 <= n; i += 16)                                                                 \
      for (int k = 0; k < 16; k++) lanes[k] += (double)x[i + k] * (double)x[i + k];              \
    double sum = 0;                                                                              \
    for (; i < n; i++) sum += (double)x[i] * (double)x[i];                                       \
    for (int k = 0; k < 16; k++) sum += lanes[k];                                                \
    return sum;                                                                                  \
  }

#define SINGLE(name) name##f
#define PLAIN(name) name
OPTIMIZERS(float, SINGLE)
OPTIMIZERS(double, PLAIN)

// The numbers that do not change from one place to the next are worked out in Double, then rounded.
#define BOTH(NAME, ...)                             \
  do {                                              \
    if (dtype == CK_F32) NAME##_float(__VA_ARGS__); \
    else NAME##_double(__VA_ARGS__);                \
  } while (0)

void ck_sgd(ck_dtype dtype, long n, ck_sgd_options o, const void *gradient, void *momentum,
            void *parameter) {
  // The first momentum is the whole gradient, whatever the dampening; it stands at 0 till then.
  double taken = o.first ? 1 : 1 - o.dampening;
  BOTH(ck_sgd, n, o.learning_rate, o.momentum, taken, o.weight_decay, o.nesterov, gradient,
       momentum, parameter);
}

void ck_rmsprop(ck_dtype dtype, long n, ck_rmsprop_options o, const void *gradient,
                void *mean_square, void *mean, void *momentum, void *parameter) {
  BOTH(ck_rmsprop, n, o.learning_rate, o.alpha, 1 - o.alpha, o.eps, o.momentum, o.weight_decay,
       gradient, mean_square, mean, momentum, parameter);
}

void ck_adam(ck_dtype dtype, long n, ck_adam_options o, const void *gradient, void *mean,
             void *mean_square, void *largest_square, void *parameter) {
  BOTH(ck_adam, n, o.step_size, 1 - o.beta1, o.beta2, 1 - o.beta2, o.eps, o.correction2,
       o.weight_decay, o.shrink, gradient, mean, mean_square, largest_square, parameter);
}

double ck_sum_squares(ck_dtype dtype, long n, const void *x) {
  return dtype == CK_F32 ? ck_sum_squares_float(n, x) : ck_sum_squares_double(n, x);
}
