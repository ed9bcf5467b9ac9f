#include "elementwise.h"

#include <math.h>
#include <string.h>

#include "clones.h"

// Each kernel is a loop over a row. The strides that matter for speed (both 1, one of them 0) have a
// loop of their own, which the compiler turns into vector code; the last loop takes what is left.
#define BINARY(NAME, T, EXPRESSION)                                                               \
  CK_CLONES void NAME##_##T(long n, const T *restrict a, long sa, const T *restrict b, long sb,   \
                            T *out) {                                                             \
    if (sa == 1 && sb == 1) {                                                                     \
      for (long i = 0; i < n; i++) { T x = a[i], y = b[i]; out[i] = EXPRESSION; }                 \
    } else if (sa == 1 && sb == 0) {                                                              \
      T y = *b;                                                                                   \
      for (long i = 0; i < n; i++) { T x = a[i]; out[i] = EXPRESSION; }                           \
    } else if (sa == 0 && sb == 1) {                                                              \
      T x = *a;                                                                                   \
      for (long i = 0; i < n; i++) { T y = b[i]; out[i] = EXPRESSION; }                           \
    } else {                                                                                      \
      for (long i = 0; i < n; i++) { T x = a[i * sa], y = b[i * sb]; out[i] = EXPRESSION; }       \
    }                                                                                             \
  }

#define UNARY(NAME, T, EXPRESSION)                                                                \
  CK_CLONES void NAME##_##T(long n, const T *a, T *out) {                                         \
    for (long i = 0; i < n; i++) { T x = a[i]; out[i] = EXPRESSION; }                             \
  }

// max and min as NumPy's and PyTorch's: a NaN on either side comes through.
#define KERNELS(T, F)                                                                             \
  BINARY(ck_add, T, x + y)                                                                        \
  BINARY(ck_sub, T, x - y)                                                                        \
  BINARY(ck_mul, T, x *y)                                                                         \
  BINARY(ck_div, T, x / y)                                                                        \
  BINARY(ck_pow, T, F(pow)(x, y))                                                                 \
  BINARY(ck_max, T, x != x ? x : (x < y || y != y ? y : x))                                       \
  BINARY(ck_min, T, x != x ? x : (x > y || y != y ? y : x))                                       \
  BINARY(ck_eq, T, x == y ? 1 : 0)                                                                \
  BINARY(ck_ne, T, x != y ? 1 : 0)                                                                \
  BINARY(ck_lt, T, x < y ? 1 : 0)                                                                 \
  BINARY(ck_le, T, x <= y ? 1 : 0)                                                                \
  BINARY(ck_gt, T, x > y ? 1 : 0)                                                                 \
  BINARY(ck_ge, T, x >= y ? 1 : 0)                                                                \
  BINARY(ck_tanh_grad, T, y *(1 - x * x))                                                         \
  BINARY(ck_sigmoid_grad, T, y *x *(1 - x))                                                       \
  BINARY(ck_relu_grad, T, x > 0 ? y : 0)                                                          \
  UNARY(ck_neg, T, -x)                                                                            \
  UNARY(ck_exp, T, F(exp)(x))                                                                     \
  UNARY(ck_log, T, F(log)(x))                                                                     \
  UNARY(ck_sqrt, T, F(sqrt)(x))                                                                   \
  UNARY(ck_tanh, T, F(tanh)(x))                                                                   \
  UNARY(ck_sigmoid, T, 1 / (1 + F(exp)(-x)))                                                      \
  UNARY(ck_relu, T, x > 0 ? x : (x != x ? x : 0))                                                 \
  UNARY(ck_abs, T, F(fabs)(x))                                                                    \
  UNARY(ck_softplus, T, (x > 0 ? x : 0) + F(log1p)(F(exp)(-F(fabs)(x))))                          \
  UNARY(ck_reciprocal, T, 1 / x)                                                                  \
  UNARY(ck_sign, T, (T)(x > 0) - (T)(x < 0))                                                      \
  UNARY(ck_sin, T, F(sin)(x))                                                                     \
  UNARY(ck_cos, T, F(cos)(x))                                                                     \
  UNARY(ck_log1p, T, F(log1p)(x))                                                                 \
  UNARY(ck_expm1, T, F(expm1)(x))                                                                 \
  UNARY(ck_floor, T, F(floor)(x))                                                                 \
  CK_CLONES void ck_axpy_##T(long n, T scale, const T *restrict x, T *restrict y) {               \
    for (long i = 0; i < n; i++) y[i] += scale * x[i];                                            \
  }                                                                                               \
  CK_CLONES void ck_scale_##T(long n, T scale, T *y) {                                            \
    for (long i = 0; i < n; i++) y[i] *= scale;                                                   \
  }                                                                                               \
  CK_CLONES void ck_fill_##T(long n, T value, T *out) {                                           \
    for (long i = 0; i < n; i++) out[i] = value;                                                  \
  }                                                                                               \
  CK_CLONES void ck_gather_strided_##T(long n, const T *restrict a, long stride,                  \
                                       T *restrict out) {                                         \
    for (long i = 0; i < n; i++) out[i] = a[i * stride];                                          \
  }

#define SINGLE(name) name##f
#define PLAIN(name) name
KERNELS(float, SINGLE)
KERNELS(double, PLAIN)

#define BOTH(NAME, ...)                                                                           \
  do {                                                                                            \
    if (dtype == CK_F32) NAME##_float(__VA_ARGS__);                                               \
    else NAME##_double(__VA_ARGS__);                                                              \
  } while (0)

void ck_binary(ck_binary_op op, ck_dtype dtype, long n, const void *a, long sa, const void *b,
               long sb, void *out) {
#define CASE(OP, NAME) case OP: BOTH(NAME, n, a, sa, b, sb, out); break;
  switch (op) {
    CASE(CK_ADD, ck_add) CASE(CK_SUB, ck_sub) CASE(CK_MUL, ck_mul) CASE(CK_DIV, ck_div)
    CASE(CK_POW, ck_pow) CASE(CK_MAX, ck_max) CASE(CK_MIN, ck_min)
    CASE(CK_EQ, ck_eq) CASE(CK_NE, ck_ne) CASE(CK_LT, ck_lt) CASE(CK_LE, ck_le)
    CASE(CK_GT, ck_gt) CASE(CK_GE, ck_ge)
    CASE(CK_TANH_GRAD, ck_tanh_grad) CASE(CK_SIGMOID_GRAD, ck_sigmoid_grad)
    CASE(CK_RELU_GRAD, ck_relu_grad)
  }
#undef CASE
}

void ck_unary(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out) {
#define CASE(OP, NAME) case OP: BOTH(NAME, n, a, out); break;
  switch (op) {
    CASE(CK_NEG, ck_neg) CASE(CK_EXP, ck_exp) CASE(CK_LOG, ck_log) CASE(CK_SQRT, ck_sqrt)
    CASE(CK_TANH, ck_tanh) CASE(CK_SIGMOID, ck_sigmoid) CASE(CK_RELU, ck_relu)
    CASE(CK_ABS, ck_abs) CASE(CK_SOFTPLUS, ck_softplus) CASE(CK_RECIPROCAL, ck_reciprocal)
    CASE(CK_SIGN, ck_sign) CASE(CK_SIN, ck_sin) CASE(CK_COS, ck_cos) CASE(CK_LOG1P, ck_log1p)
    CASE(CK_EXPM1, ck_expm1) CASE(CK_FLOOR, ck_floor)
  }
#undef CASE
}

void ck_axpy(ck_dtype dtype, long n, double scale, const void *x, void *y) {
  if (dtype == CK_F32) ck_axpy_float(n, (float)scale, x, y);
  else ck_axpy_double(n, scale, x, y);
}

void ck_scale(ck_dtype dtype, long n, double scale, void *y) {
  if (dtype == CK_F32) ck_scale_float(n, (float)scale, y);
  else ck_scale_double(n, scale, y);
}

void ck_fill(ck_dtype dtype, long n, double value, void *out) {
  if (dtype == CK_F32) ck_fill_float(n, (float)value, out);
  else ck_fill_double(n, value, out);
}

void ck_gather_strided(ck_dtype dtype, long n, const void *a, long stride, void *out) {
  BOTH(ck_gather_strided, n, a, stride, out);
}

void ck_convert(ck_dtype from, ck_dtype to, long n, const void *a, void *out) {
  if (from == to) {
    memcpy(out, a, (size_t)n * (from == CK_F32 ? sizeof(float) : sizeof(double)));
  } else if (from == CK_F32) {
    const float *x = a;
    double *y = out;
    for (long i = 0; i < n; i++) y[i] = x[i];
  } else {
    const double *x = a;
    float *y = out;
    for (long i = 0; i < n; i++) y[i] = (float)x[i];
  }
}
