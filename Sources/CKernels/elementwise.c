#include "elementwise.h"

#include <math.h>
#include <string.h>

#include "clones.h"
#include "cpu.h"
#include "kernels.h"
#include "threads.h"

// Each kernel is a loop over a row. The strides that matter for speed (both 1, one of them 0) have a
// loop of their own, which the compiler turns into vector code; the last loop takes what is left.
//
// `out` may be one of the operands: number i of it depends on number i of them alone.
// Functions with long bodies are in functions_template.h.
#define IN_PLACE _Pragma("clang loop vectorize(assume_safety)")
#define BINARY(NAME, T, EXPRESSION)                                               \
  CK_CLONES void NAME##_##T(long n, const T *a, long sa, const T *b, long sb, T *out) {           \
    if (sa == 1 && sb == 1) {                                                                     \
      IN_PLACE for (long i = 0; i < n; i++) { T x = a[i], y = b[i]; out[i] = EXPRESSION; }        \
    } else if (sa == 1 && sb == 0) {                                                              \
      T y = *b;                                                                                   \
      IN_PLACE for (long i = 0; i < n; i++) { T x = a[i]; out[i] = EXPRESSION; }                  \
    } else if (sa == 0 && sb == 1) {                                                              \
      T x = *a;                                                                                   \
      IN_PLACE for (long i = 0; i < n; i++) { T y = b[i]; out[i] = EXPRESSION; }                  \
    } else {                                                                                      \
      for (long i = 0; i < n; i++) { T x = a[i * sa], y = b[i * sb]; out[i] = EXPRESSION; }       \
    }                                                                                             \
  }

#define UNARY(NAME, T, EXPRESSION)                                                 \
  CK_CLONES void NAME##_##T(long n, const T *a, T *out) {                                         \
    IN_PLACE for (long i = 0; i < n; i++) { T x = a[i]; out[i] = EXPRESSION; }                    \
  }

// max and min as NumPy's and PyTorch's: a NaN on either side comes through.
#define KERNELS(T, S, F)                                                                          \
  BINARY(ck_add, T, x + y)                                                                        \
  BINARY(ck_sub, T, x - y)                                                                        \
  BINARY(ck_mul, T, x *y)                                                                         \
  BINARY(ck_div, T, x / y)                                                                        \
  BINARY(ck_max, T, x != x ? x : (x < y || y != y ? y : x))                                       \
  BINARY(ck_min, T, x != x ? x : (x > y || y != y ? y : x))                                       \
  BINARY(ck_eq, T, x == y ? 1 : 0)                                                                \
  BINARY(ck_ne, T, x != y ? 1 : 0)                                                                \
  BINARY(ck_lt, T, x < y ? 1 : 0)                                                                 \
  BINARY(ck_le, T, x <= y ? 1 : 0)                                                                \
  BINARY(ck_gt, T, x > y ? 1 : 0)                                                                 \
  BINARY(ck_ge, T, x >= y ? 1 : 0)                                                                \
  BINARY(ck_relu_grad, T, x > 0 ? y : 0)                                                          \
  UNARY(ck_neg, T, -x)                                                                            \
  UNARY(ck_sqrt, T, __builtin_elementwise_sqrt(x))                                                \
  UNARY(ck_relu, T, x > 0 ? x : (x != x ? x : 0))                                                 \
  UNARY(ck_abs, T, F(fabs)(x))                                                                    \
  UNARY(ck_reciprocal, T, 1 / x)                                                                  \
  UNARY(ck_sign, T, x != x ? x : (T)(x > 0) - (T)(x < 0))                                         \
  UNARY(ck_floor, T, __builtin_elementwise_floor(x))                                       \
  UNARY(ck_cube, T, x *x *x)                                                                      \
  /* as sqrt, but +0 for −0 and ∞ for −∞ */                                                       \
  UNARY(ck_root, T, x == -(T)INFINITY ? (T)INFINITY : __builtin_elementwise_sqrt(x + 0))          \
  CK_CLONES void ck_clamp_##T(long n, T low, T high, const T *a, T *out) {                        \
    for (long i = 0; i < n; i++) {                                                                \
      T x = a[i] < low ? low : a[i];                                                              \
      out[i] = x > high ? high : x;                                                               \
    }                                                                                             \
  }                                                                                               \
  CK_CLONES void ck_where_##T(long n, const T *m, long sm, const T *a, long sa, const T *b,       \
                              long sb, T *out) {                                                  \
    if (sm == 1 && sa == 1 && sb == 1)                                                            \
      for (long i = 0; i < n; i++) { T x = a[i], y = b[i]; out[i] = m[i] != 0 ? x : y; }          \
    else                                                                                          \
      for (long i = 0; i < n; i++) out[i] = m[i * sm] != 0 ? a[i * sa] : b[i * sb];               \
  }                                                                                               \
  CK_CLONES void ck_axpy_##T(long n, T scale, const T *restrict x, T *restrict y) {               \
    for (long i = 0; i < n; i++) y[i] += scale * x[i];                                            \
  }                                                                                               \
  CK_CLONES void ck_scale_##T(long n, T scale, T *y) {                                            \
    for (long i = 0; i < n; i++) y[i] *= scale;                                                   \
  }                                                                                               \
  CK_CLONES void ck_fill_##T(long n, T value, T *out) {                                           \
    for (long i = 0; i < n; i++) out[i] = value;                                                  \
  }                                                                                               \
  CK_CLONES void ck_scatter_strided_##T(long n, const T *restrict a, T *restrict out,             \
                                        long stride) {                                            \
    for (long i = 0; i < n; i++) out[i * stride] = a[i];                                          \
  }                                                                                               \
  CK_CLONES void ck_gather_strided_##T(long n, const T *restrict a, long stride,                  \
                                       T *restrict out) {                                         \
    for (long i = 0; i < n; i++) out[i] = a[i * stride];                                          \
  }

#define SINGLE(name) name##f
#define PLAIN(name) name
KERNELS(float, f32, SINGLE)
KERNELS(double, f64, PLAIN)

#define BOTH(NAME, ...)                                                                           \
  do {                                                                                            \
    if (dtype == CK_F32) NAME##_float(__VA_ARGS__);                                               \
    else NAME##_double(__VA_ARGS__);                                                              \
  } while (0)

// Most powers are squares, roots and the like of a whole array.
static void power(ck_dtype dtype, long n, const void *a, long sa, const void *b, long sb,
                  void *out) {
  double y = dtype == CK_F32 ? (double)*(const float *)b : *(const double *)b;
  if (sa == 1 && sb == 0) {
    if (y == 1) return ck_convert(dtype, dtype, n, a, out);
#define CASE(EXPONENT, NAME, ...) if (y == EXPONENT) { BOTH(NAME, __VA_ARGS__); return; }
    CASE(2, ck_mul, n, a, 1, a, 1, out)
    CASE(3, ck_cube, n, a, out)
    CASE(0.5, ck_root, n, a, out)
    CASE(-1, ck_reciprocal, n, a, out)
#undef CASE
  }
  (dtype == CK_F32 ? ck_kernels_f32()->power : ck_kernels_f64()->power)(n, a, sa, b, sb, out);
}

static void binary(ck_binary_op op, ck_dtype dtype, long n, const void *a, long sa, const void *b,
                   long sb, void *out) {
#define CASE(OP, NAME) case OP: BOTH(NAME, n, a, sa, b, sb, out); break;
#define FUNCTION(OP, NAME)                                                                        \
  case OP:                                                                                        \
    (dtype == CK_F32 ? ck_kernels_f32()->NAME : ck_kernels_f64()->NAME)(n, a, sa, b, sb, out);    \
    break;
  switch (op) {
    CASE(CK_ADD, ck_add) CASE(CK_SUB, ck_sub) CASE(CK_MUL, ck_mul) CASE(CK_DIV, ck_div)
    CASE(CK_MAX, ck_max) CASE(CK_MIN, ck_min)
    CASE(CK_EQ, ck_eq) CASE(CK_NE, ck_ne) CASE(CK_LT, ck_lt) CASE(CK_LE, ck_le)
    CASE(CK_GT, ck_gt) CASE(CK_GE, ck_ge)
    CASE(CK_RELU_GRAD, ck_relu_grad)
    case CK_POW: power(dtype, n, a, sa, b, sb, out); break;
    FUNCTION(CK_BCE, bce) FUNCTION(CK_BCE_GRAD, bce_grad)
  }
#undef FUNCTION
#undef CASE
}

static void unary(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out) {
#define CASE(OP, NAME) case OP: BOTH(NAME, n, a, out); break;
#define FUNCTION(OP, NAME)                                                                        \
  case OP: (dtype == CK_F32 ? ck_kernels_f32()->NAME : ck_kernels_f64()->NAME)(n, a, out); break;
  switch (op) {
    CASE(CK_NEG, ck_neg) CASE(CK_SQRT, ck_sqrt) CASE(CK_RELU, ck_relu) CASE(CK_ABS, ck_abs)
    CASE(CK_RECIPROCAL, ck_reciprocal) CASE(CK_SIGN, ck_sign) CASE(CK_FLOOR, ck_floor)
    FUNCTION(CK_EXP, exp) FUNCTION(CK_LOG, log) FUNCTION(CK_TANH, tanh)
    FUNCTION(CK_SIGMOID, sigmoid) FUNCTION(CK_SOFTPLUS, softplus) FUNCTION(CK_SIN, sin)
    FUNCTION(CK_COS, cos) FUNCTION(CK_LOG1P, log1p) FUNCTION(CK_EXPM1, expm1)
  }
#undef FUNCTION
#undef CASE
}

static void sloped(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out, void *slopes) {
  const bool tanh = op == CK_TANH;
  ck_sloped_function f = dtype == CK_F32 ? tanh ? ck_kernels_f32()->tanh_slopes
                                                : ck_kernels_f32()->sigmoid_slopes
                         : tanh          ? ck_kernels_f64()->tanh_slopes
                                         : ck_kernels_f64()->sigmoid_slopes;
  f(n, a, out, slopes);
}

// Threads share arrays that are far longer than it takes to wake one.
enum { shared_from = 1 << 17, grain = 1 << 10 };

typedef struct {
  int op;
  ck_dtype dtype;
  long n;
  const char *a, *b;
  long step_a, step_b, step_out;  // in bytes
  char *out, *slopes;
  double low, high;
  const char *mask;
  long step_mask;
} Shared;

static void binary_part(void *context, int part, int parts) {
  const Shared *s = context;
  long i, n;
  ck_share(s->n, grain, part, parts, &i, &n);
  binary((ck_binary_op)s->op, s->dtype, n, s->a + i * s->step_a, s->step_a / s->step_out,
         s->b + i * s->step_b, s->step_b / s->step_out, s->out + i * s->step_out);
}

static void unary_part(void *context, int part, int parts) {
  const Shared *s = context;
  long i, n;
  ck_share(s->n, grain, part, parts, &i, &n);
  unary((ck_unary_op)s->op, s->dtype, n, s->a + i * s->step_a, s->out + i * s->step_out);
}

static void sloped_part(void *context, int part, int parts) {
  const Shared *s = context;
  long i, n;
  ck_share(s->n, grain, part, parts, &i, &n);
  sloped((ck_unary_op)s->op, s->dtype, n, s->a + i * s->step_a, s->out + i * s->step_out,
         s->slopes + i * s->step_out);
}

static void clamp(ck_dtype dtype, long n, double low, double high, const void *a, void *out) {
  if (dtype == CK_F32) ck_clamp_float(n, (float)low, (float)high, a, out);
  else ck_clamp_double(n, low, high, a, out);
}

static void clamp_part(void *context, int part, int parts) {
  const Shared *s = context;
  long i, n;
  ck_share(s->n, grain, part, parts, &i, &n);
  clamp(s->dtype, n, s->low, s->high, s->a + i * s->step_a, s->out + i * s->step_out);
}

static void where(ck_dtype dtype, long n, const void *mask, long sm, const void *a, long sa,
                  const void *b, long sb, void *out) {
  BOTH(ck_where, n, mask, sm, a, sa, b, sb, out);
}

static void where_part(void *context, int part, int parts) {
  const Shared *s = context;
  long i, n;
  ck_share(s->n, grain, part, parts, &i, &n);
  where(s->dtype, n, s->mask + i * s->step_mask, s->step_mask / s->step_out, s->a + i * s->step_a,
        s->step_a / s->step_out, s->b + i * s->step_b, s->step_b / s->step_out,
        s->out + i * s->step_out);
}

static bool is_shared(long n) { return n >= shared_from && ck_threads() > 1; }
static long size_of(ck_dtype dtype) { return dtype == CK_F32 ? sizeof(float) : sizeof(double); }

void ck_binary(ck_binary_op op, ck_dtype dtype, long n, const void *a, long sa, const void *b,
               long sb, void *out) {
  if (!is_shared(n)) return binary(op, dtype, n, a, sa, b, sb, out);
  const long size = size_of(dtype);
  Shared shared = {.op = op, .dtype = dtype, .n = n, .a = a, .b = b, .step_a = sa * size,
                   .step_b = sb * size, .step_out = size, .out = out};
  ck_parallel(ck_threads(), binary_part, &shared);
}

void ck_unary(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out) {
  if (!is_shared(n)) return unary(op, dtype, n, a, out);
  const long size = size_of(dtype);
  Shared shared = {.op = op, .dtype = dtype, .n = n, .a = a, .step_a = size, .step_out = size,
                   .out = out};
  ck_parallel(ck_threads(), unary_part, &shared);
}

void ck_unary_with_slopes(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out,
                          void *slopes) {
  if (!is_shared(n)) return sloped(op, dtype, n, a, out, slopes);
  const long size = size_of(dtype);
  Shared shared = {.op = op, .dtype = dtype, .n = n, .a = a, .step_a = size, .step_out = size,
                   .out = out, .slopes = slopes};
  ck_parallel(ck_threads(), sloped_part, &shared);
}

void ck_clamp(ck_dtype dtype, long n, double low, double high, const void *a, void *out) {
  if (!is_shared(n)) return clamp(dtype, n, low, high, a, out);
  const long size = size_of(dtype);
  Shared shared = {.dtype = dtype, .n = n, .a = a, .step_a = size, .step_out = size, .out = out,
                   .low = low, .high = high};
  ck_parallel(ck_threads(), clamp_part, &shared);
}

void ck_where(ck_dtype dtype, long n, const void *mask, long sm, const void *a, long sa,
              const void *b, long sb, void *out) {
  if (!is_shared(n)) return where(dtype, n, mask, sm, a, sa, b, sb, out);
  const long size = size_of(dtype);
  Shared shared = {.dtype = dtype, .n = n, .a = a, .b = b, .step_a = sa * size,
                   .step_b = sb * size, .step_out = size, .out = out, .mask = mask,
                   .step_mask = sm * size};
  ck_parallel(ck_threads(), where_part, &shared);
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

void ck_scatter_strided(ck_dtype dtype, long n, const void *a, void *out, long stride) {
  BOTH(ck_scatter_strided, n, a, out, stride);
}

void ck_convert(ck_dtype from, ck_dtype to, long n, const void *a, void *out) {
  if (from == to) {
    memmove(out, a, (size_t)n * (from == CK_F32 ? sizeof(float) : sizeof(double)));
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
