// The optimizers' steps, fused: the twins of the equations in Sources/Optim, one pass over parameter p,
// gradient g and state. The new parameter goes to q, and each tells whether all of that is finite.
//
// Numbers that do not change from one place to the next are worked out in Double, then rounded. What
// an optimizer may or may not keep is decided outside the loops: a loop that asks at every place
// whether an array is there touches it, masked, even where it is not, which costs 20 times the rest.

// x − x is 0 for a finite number and NaN for any other.
#define NOT_FINITE(x) ((x) - (x) != 0)
// An integer of the size of T.
#define FLAG FN(flag)
typedef __typeof__(__builtin_choose_expr(IS_DOUBLE, (int64_t)0, (int32_t)0)) FLAG;

static bool FN(sgd)(long n, ck_sgd_options o, const void *gradient, void *buffer,
                    const void *before, void *after) {
  const T *restrict g = gradient, *restrict p = before;
  T *restrict b = buffer, *restrict q = after;
  const T rate = (T)o.learning_rate, momentum = (T)o.momentum, decay = (T)o.weight_decay;
  FLAG bad = 0;
  if (momentum == 0) {
    for (long i = 0; i < n; i++) {
      T x = q[i] = p[i] - rate * (g[i] + decay * p[i]);
      bad |= NOT_FINITE(x);
    }
    return !bad;
  }
  // The first momentum is the whole gradient, whatever the dampening; it stands at 0 till then.
  const T taken = (T)(o.first ? 1 : 1 - o.dampening);
  const int nesterov = o.nesterov;
  for (long i = 0; i < n; i++) {
    T d = g[i] + decay * p[i];
    T m = b[i] = momentum * b[i] + taken * d;
    T x = q[i] = p[i] - rate * (nesterov ? d + momentum * m : m);
    bad |= NOT_FINITE(x);
  }
  return !bad;
}

INLINE bool FN(rmsprop_loop)(int centered, int moving, long n, ck_rmsprop_options o,
                             const T *restrict g, T *restrict s, T *restrict a, T *restrict m,
                             const T *restrict p, T *restrict q) {
  const T rate = (T)o.learning_rate, alpha = (T)o.alpha, left = (T)(1 - o.alpha), eps = (T)o.eps;
  const T momentum = (T)o.momentum, decay = (T)o.weight_decay;
  FLAG bad = 0;
  for (long i = 0; i < n; i++) {
    T d = g[i] + decay * p[i];
    T square = s[i] = alpha * s[i] + left * d * d;
    if (centered) {
      a[i] += left * (d - a[i]);
      square -= a[i] * a[i];
      // Rounding can leave less than nothing of gradients that are always the same.
      square = square < 0 ? 0 : square;
    }
    T step = d / (__builtin_elementwise_sqrt(square) + eps);
    if (moving) step = m[i] = momentum * m[i] + step;
    T x = q[i] = p[i] - rate * step;
    bad |= NOT_FINITE(x);
  }
  return !bad;
}

static bool FN(rmsprop)(long n, ck_rmsprop_options o, const void *g, void *s, void *a, void *m,
                        const void *p, void *q) {
  if (a && m) return FN(rmsprop_loop)(1, 1, n, o, g, s, a, m, p, q);
  if (a) return FN(rmsprop_loop)(1, 0, n, o, g, s, a, m, p, q);
  if (m) return FN(rmsprop_loop)(0, 1, n, o, g, s, a, m, p, q);
  return FN(rmsprop_loop)(0, 0, n, o, g, s, a, m, p, q);
}

INLINE bool FN(adam_loop)(int bounded, long n, ck_adam_options o, const T *restrict g,
                          T *restrict m, T *restrict v, T *restrict largest, const T *restrict p,
                          T *restrict q) {
  const T step = (T)o.step_size, left1 = (T)(1 - o.beta1), beta2 = (T)o.beta2;
  const T left2 = (T)(1 - o.beta2), eps = (T)o.eps, correction = (T)o.correction2;
  const T decay = (T)o.weight_decay, shrink = (T)o.shrink;
  FLAG bad = 0;
  for (long i = 0; i < n; i++) {
    T x = p[i] * shrink;
    T d = g[i] + decay * x;
    T mean = m[i] += left1 * (d - m[i]);
    T square = v[i] = beta2 * v[i] + left2 * d * d;
    if (bounded) square = largest[i] = largest[i] > square ? largest[i] : square;
    x = q[i] = x - step * mean / (__builtin_elementwise_sqrt(square) / correction + eps);
    bad |= NOT_FINITE(x);
  }
  return !bad;
}

static bool FN(adam)(long n, ck_adam_options o, const void *g, void *m, void *v, void *largest,
                     const void *p, void *q) {
  if (largest) return FN(adam_loop)(1, n, o, g, m, v, largest, p, q);
  return FN(adam_loop)(0, n, o, g, m, v, NULL, p, q);
}

static bool FN(all_finite)(long n, const void *numbers) {
  const T *x = numbers;
  FLAG bad = 0;
  for (long i = 0; i < n; i++) bad |= NOT_FINITE(x[i]);
  return !bad;
}

static double FN(sum_squares)(long n, const void *numbers) {
  const T *x = numbers;
  double lanes[16] = {0};
  long i = 0;
  for (; i + 16 <= n; i += 16)
    for (int k = 0; k < 16; k++) lanes[k] += (double)x[i + k] * (double)x[i + k];
  double sum = 0;
  for (; i < n; i++) sum += (double)x[i] * (double)x[i];
  for (int k = 0; k < 16; k++) sum += lanes[k];
  return sum;
}
