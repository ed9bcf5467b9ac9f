// Operations whose loops the compiler turns into vector code by itself: each is its equation.
//
// Each kernel is a loop over a row. The strides that matter for speed (both 1, one of them 0) have a
// loop of their own; the last loop takes what is left. `out` may be one of the operands: number i of
// it depends on number i of them alone.
#define IN_PLACE _Pragma("clang loop vectorize(assume_safety)")

#define BINARY(NAME, EXPRESSION)                                                                  \
  static void FN(NAME)(long n, const void *pa, long sa, const void *pb, long sb, void *po) {      \
    const T *a = pa, *b = pb;                                                                     \
    T *out = po;                                                                                  \
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

// max and min as NumPy's and PyTorch's: a NaN on either side comes through.
BINARY(add, x + y)
BINARY(sub, x - y)
BINARY(mul, x * y)
BINARY(div, x / y)
BINARY(max, x != x ? x : (x < y || y != y ? y : x))
BINARY(min, x != x ? x : (x > y || y != y ? y : x))
BINARY(eq, x == y ? 1 : 0)
BINARY(ne, x != y ? 1 : 0)
BINARY(lt, x < y ? 1 : 0)
BINARY(le, x <= y ? 1 : 0)
BINARY(gt, x > y ? 1 : 0)
BINARY(ge, x >= y ? 1 : 0)
BINARY(relu_grad, x > 0 ? y : 0)

#define UNARY(NAME, EXPRESSION)                                                                   \
  static void FN(NAME)(long n, const void *pa, void *po) {                                        \
    const T *a = pa;                                                                              \
    T *out = po;                                                                                  \
    IN_PLACE for (long i = 0; i < n; i++) { T x = a[i]; out[i] = EXPRESSION; }                    \
  }

UNARY(neg, -x)
UNARY(sqrt, __builtin_elementwise_sqrt(x))
UNARY(relu, x > 0 ? x : (x != x ? x : 0))
UNARY(abs, __builtin_elementwise_abs(x))
UNARY(reciprocal, 1 / x)
UNARY(sign, x != x ? x : (T)(x > 0) - (T)(x < 0))
UNARY(floor, __builtin_elementwise_floor(x))

// Powers with a way of their own (FN(pow)). As sqrt, but +0 for −0 and ∞ for −∞:
UNARY(root, x == -(T)INFINITY ? (T)INFINITY : __builtin_elementwise_sqrt(x + 0))
UNARY(cube, x * x * x)

static void FN(clamp)(long n, double least, double most, const void *pa, void *po) {
  const T low = (T)least, high = (T)most, *a = pa;
  T *out = po;
  for (long i = 0; i < n; i++) {
    T x = a[i] < low ? low : a[i];
    out[i] = x > high ? high : x;
  }
}

static void FN(where)(long n, const void *mask, long sm, const void *pa, long sa, const void *pb,
                      long sb, void *po) {
  const T *m = mask, *a = pa, *b = pb;
  T *out = po;
  if (sm == 1 && sa == 1 && sb == 1)
    for (long i = 0; i < n; i++) { T x = a[i], y = b[i]; out[i] = m[i] != 0 ? x : y; }
  else
    for (long i = 0; i < n; i++) out[i] = m[i * sm] != 0 ? a[i * sa] : b[i * sb];
}

static void FN(axpy)(long n, double factor, const void *from, void *to) {
  const T scale = (T)factor, *restrict x = from;
  T *restrict y = to;
  for (long i = 0; i < n; i++) y[i] += scale * x[i];
}

static void FN(scale)(long n, double factor, void *to) {
  const T scale = (T)factor;
  T *y = to;
  for (long i = 0; i < n; i++) y[i] *= scale;
}
