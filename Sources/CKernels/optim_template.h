// The optimisers' loops for one element type: included by optim.c with T set to it, WHOLE to the
// integer of its size and NAME(x) to x with the type behind it. `o` holds the numbers that do not
// change from one place to the next. Each tells whether all that it has written to q is finite.
//
// What an optimiser may or may not keep is decided outside the loops: a loop that asks at every place
// whether an array is there touches it, masked, even where it is not, which costs 20 times the rest.

// x − x is 0 for a finite number and NaN for any other.
#ifndef CK_NOT_FINITE
#define CK_NOT_FINITE(x) ((x) - (x) != 0)
#endif

typedef struct { T rate, momentum, taken, decay; } NAME(sgd_numbers);

CK_CLONES static bool NAME(sgd)(long n, NAME(sgd_numbers) o, int nesterov, const T *restrict g,
                                T *restrict m, const T *restrict p, T *restrict q) {
  WHOLE bad = 0;
  if (o.momentum == 0) {
    for (long i = 0; i < n; i++) {
      T x = q[i] = p[i] - o.rate * (g[i] + o.decay * p[i]);
      bad |= CK_NOT_FINITE(x);
    }
    return !bad;
  }
  for (long i = 0; i < n; i++) {
    T d = g[i] + o.decay * p[i];
    T b = m[i] = o.momentum * m[i] + o.taken * d;
    T x = q[i] = p[i] - o.rate * (nesterov ? d + o.momentum * b : b);
    bad |= CK_NOT_FINITE(x);
  }
  return !bad;
}

typedef struct { T rate, alpha, left, eps, momentum, decay; } NAME(rmsprop_numbers);

CK_INLINE bool NAME(rmsprop_loop)(int centred, int moving, long n, NAME(rmsprop_numbers) o,
                                  const T *restrict g, T *restrict s, T *restrict a,
                                  T *restrict m, const T *restrict p, T *restrict q) {
  WHOLE bad = 0;
  for (long i = 0; i < n; i++) {
    T d = g[i] + o.decay * p[i];
    T square = s[i] = o.alpha * s[i] + o.left * d * d;
    if (centred) {
      a[i] += o.left * (d - a[i]);
      square -= a[i] * a[i];
      // Rounding can leave less than nothing of gradients that are always the same.
      square = square < 0 ? 0 : square;
    }
    T step = d / (__builtin_elementwise_sqrt(square) + o.eps);
    if (moving) step = m[i] = o.momentum * m[i] + step;
    T x = q[i] = p[i] - o.rate * step;
    bad |= CK_NOT_FINITE(x);
  }
  return !bad;
}

CK_CLONES static bool NAME(rmsprop)(long n, NAME(rmsprop_numbers) o, const T *g, T *s, T *a, T *m,
                                    const T *p, T *q) {
  if (a && m) return NAME(rmsprop_loop)(1, 1, n, o, g, s, a, m, p, q);
  if (a) return NAME(rmsprop_loop)(1, 0, n, o, g, s, a, m, p, q);
  if (m) return NAME(rmsprop_loop)(0, 1, n, o, g, s, a, m, p, q);
  return NAME(rmsprop_loop)(0, 0, n, o, g, s, a, m, p, q);
}

typedef struct { T step, left1, beta2, left2, eps, correction, decay, shrink; } NAME(adam_numbers);

CK_INLINE bool NAME(adam_loop)(int bounded, long n, NAME(adam_numbers) o, const T *restrict g,
                               T *restrict m, T *restrict v, T *restrict largest,
                               const T *restrict p, T *restrict q) {
  WHOLE bad = 0;
  for (long i = 0; i < n; i++) {
    T x = p[i] * o.shrink;
    T d = g[i] + o.decay * x;
    T mean = m[i] += o.left1 * (d - m[i]);
    T square = v[i] = o.beta2 * v[i] + o.left2 * d * d;
    if (bounded) square = largest[i] = largest[i] > square ? largest[i] : square;
    x = q[i] = x - o.step * mean / (__builtin_elementwise_sqrt(square) / o.correction + o.eps);
    bad |= CK_NOT_FINITE(x);
  }
  return !bad;
}

CK_CLONES static bool NAME(adam)(long n, NAME(adam_numbers) o, const T *g, T *m, T *v, T *largest,
                                 const T *p, T *q) {
  if (largest) return NAME(adam_loop)(1, n, o, g, m, v, largest, p, q);
  return NAME(adam_loop)(0, n, o, g, m, v, largest, p, q);
}

CK_CLONES static bool NAME(all_finite)(long n, const T *x) {
  WHOLE bad = 0;
  for (long i = 0; i < n; i++) bad |= CK_NOT_FINITE(x[i]);
  return !bad;
}

CK_CLONES static double NAME(sum_squares)(long n, const T *x) {
  double lanes[16] = {0};
  long i = 0;
  for (; i + 16 <= n; i += 16)
    for (int k = 0; k < 16; k++) lanes[k] += (double)x[i + k] * (double)x[i + k];
  double sum = 0;
  for (; i < n; i++) sum += (double)x[i] * (double)x[i];
  for (int k = 0; k < 16; k++) sum += lanes[k];
  return sum;
}
