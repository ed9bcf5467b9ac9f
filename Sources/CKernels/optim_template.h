// The optimisers' loops for one element type: included by optim.c with T set to it and NAME(x) to x
// with the type behind it. `o` holds the numbers that do not change from one place to the next.
//
// What an optimiser may or may not keep is decided outside the loops: a loop that asks at every place
// whether an array is there touches it, masked, even where it is not, which costs 20 times the rest.

typedef struct { T rate, momentum, taken, decay; } NAME(sgd_numbers);

CK_CLONES static void NAME(sgd)(long n, NAME(sgd_numbers) o, int nesterov, const T *restrict g,
                                T *restrict m, T *restrict p) {
  if (o.momentum == 0) {
    for (long i = 0; i < n; i++) p[i] -= o.rate * (g[i] + o.decay * p[i]);
    return;
  }
  for (long i = 0; i < n; i++) {
    T d = g[i] + o.decay * p[i];
    T b = m[i] = o.momentum * m[i] + o.taken * d;
    p[i] -= o.rate * (nesterov ? d + o.momentum * b : b);
  }
}

typedef struct { T rate, alpha, left, eps, momentum, decay; } NAME(rmsprop_numbers);

CK_INLINE void NAME(rmsprop_loop)(int centred, int moving, long n, NAME(rmsprop_numbers) o,
                                  const T *restrict g, T *restrict s, T *restrict a,
                                  T *restrict m, T *restrict p) {
  for (long i = 0; i < n; i++) {
    T d = g[i] + o.decay * p[i];
    T square = s[i] = o.alpha * s[i] + o.left * d * d;
    if (centred) {
      a[i] += o.left * (d - a[i]);
      square -= a[i] * a[i];
    }
    T step = d / (__builtin_elementwise_sqrt(square) + o.eps);
    if (moving) step = m[i] = o.momentum * m[i] + step;
    p[i] -= o.rate * step;
  }
}

CK_CLONES static void NAME(rmsprop)(long n, NAME(rmsprop_numbers) o, const T *g, T *s, T *a, T *m,
                                    T *p) {
  if (a && m) NAME(rmsprop_loop)(1, 1, n, o, g, s, a, m, p);
  else if (a) NAME(rmsprop_loop)(1, 0, n, o, g, s, a, m, p);
  else if (m) NAME(rmsprop_loop)(0, 1, n, o, g, s, a, m, p);
  else NAME(rmsprop_loop)(0, 0, n, o, g, s, a, m, p);
}

typedef struct { T step, left1, beta2, left2, eps, correction, decay, shrink; } NAME(adam_numbers);

CK_INLINE void NAME(adam_loop)(int bounded, long n, NAME(adam_numbers) o, const T *restrict g,
                               T *restrict m, T *restrict v, T *restrict largest, T *restrict p) {
  for (long i = 0; i < n; i++) {
    T x = p[i] * o.shrink;
    T d = g[i] + o.decay * x;
    T mean = m[i] += o.left1 * (d - m[i]);
    T square = v[i] = o.beta2 * v[i] + o.left2 * d * d;
    if (bounded) square = largest[i] = largest[i] > square ? largest[i] : square;
    p[i] = x - o.step * mean / (__builtin_elementwise_sqrt(square) / o.correction + o.eps);
  }
}

CK_CLONES static void NAME(adam)(long n, NAME(adam_numbers) o, const T *g, T *m, T *v, T *largest,
                                 T *p) {
  if (largest) NAME(adam_loop)(1, n, o, g, m, v, largest, p);
  else NAME(adam_loop)(0, n, o, g, m, v, largest, p);
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
