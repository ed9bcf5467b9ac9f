// Softmax, its logarithm, and the loss of the right class, along the middle axis of [outer, n, inner].
//
// Sixteen numbers at a time, which the compiler keeps in vector registers: along a row where the axis
// is the last one, across sixteen neighboring columns where it is not.

// What the care for the last digits would cost is spent only where it is due:
//   - a difference of more than 16 takes along what it is rounded by, or e^−80 would be 4 millionths
//     off;
//   - where the largest number has nearly all of the sum, the others are added up without it: its
//     logarithm is log(1 + others), and 1 would cover them;
//   - long sums are added up in Double, TERMS numbers of each at a time.
#define SIDE 16
#define TERMS 32
#define WIDE_RANGE 16.0
#define SMALL_REST 0.125

static double FN(exp_row)(long n, const T *a, T largest, T *e) {
  double sum = 0;
  for (long k = 0; k < n;) {
    T total[SIDE] = {0};
    long end = n - k < TERMS * SIDE ? n : k + TERMS * SIDE;
    for (; k + SIDE <= end; k += SIDE)
      for (int l = 0; l < SIDE; l++) {
        T x = FN(n_exp)(a[k + l] - largest);
        total[l] += x;
        e[k + l] = x;
      }
    T last[SIDE];
    long rest = end - k;
    for (int l = 0; rest > 0 && l < SIDE; l++)
      last[l] = FN(n_exp)((l < rest ? a[k + l] : largest) - largest);
    for (int l = 0; l < rest; l++) {
      total[l] += last[l];
      e[k + l] = last[l];
    }
    k = end;
    for (int width = SIDE / 2; width > 0; width /= 2)
      for (int l = 0; l < width; l++) total[l] += total[l + width];
    sum += (double)total[0];
  }
  return sum;
}

static double FN(exp_wide_row)(long n, const T *a, T largest, T *e) {
  double sum = 0;
  for (long k = 0; k < n; k++) e[k] = FN(n_exp_difference)(a[k], largest);
  for (long k = 0; k < n; k++) sum += (double)e[k];
  return sum;
}

// Σ e but for the largest numbers'
static double FN(others)(long n, const T *a, T largest, const T *e) {
  double sum[SIDE] = {0};
  for (long k = 0; k < n; k++) sum[k % SIDE] += a[k] == largest ? 0 : (double)e[k];
  for (int l = 1; l < SIDE; l++) sum[0] += sum[l];
  return sum[0];
}

static void FN(extremes)(long n, const T *a, T *largest, T *smallest) {
  T most[SIDE], least[SIDE];
  for (int l = 0; l < SIDE; l++) most[l] = least[l] = a[0];
  long k = 0;
  for (; k + SIDE <= n; k += SIDE)
    for (int l = 0; l < SIDE; l++) {
      most[l] = a[k + l] > most[l] ? a[k + l] : most[l];
      least[l] = a[k + l] < least[l] ? a[k + l] : least[l];
    }
  for (int l = 0; k < n; k++, l++) {
    most[l] = a[k] > most[l] ? a[k] : most[l];
    least[l] = a[k] < least[l] ? a[k] : least[l];
  }
  for (int width = SIDE / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) {
      most[l] = most[l + width] > most[l] ? most[l + width] : most[l];
      least[l] = least[l + width] < least[l] ? least[l + width] : least[l];
    }
  *largest = most[0];
  *smallest = least[0];
}

static void FN(softmax_row)(int logarithm, long n, const T *a, T *out) {
  T largest, smallest;
  FN(extremes)(n, a, &largest, &smallest);
  double sum = (double)largest - (double)smallest > WIDE_RANGE
                   ? FN(exp_wide_row)(n, a, largest, out)
                   : FN(exp_row)(n, a, largest, out);
  if (logarithm) {
    double rest = sum - 1 < SMALL_REST ? FN(others)(n, a, largest, out) : sum - 1;
    // In this order: largest + log(total) would be rounded as coarsely as the largest.
    T shift = FN(n_log1p)((T)rest);
    for (long k = 0; k < n; k++) out[k] = (a[k] - largest) - shift;
  } else {
    T total = (T)sum;
    for (long k = 0; k < n; k++) out[k] /= total;
  }
}

static void FN(softmax_columns)(int logarithm, long n, long step, long width, const T *a,
                                T *out) {
  T most[SIDE], least[SIDE], shift[SIDE];
  double total[SIDE] = {0};
  int wide = 0, covered = 0;
  for (long l = 0; l < width; l++) most[l] = least[l] = a[l];
  for (long k = 1; k < n; k++)
    for (long l = 0; l < width; l++) {
      T x = a[k * step + l];
      most[l] = x > most[l] ? x : most[l];
      least[l] = x < least[l] ? x : least[l];
    }
  for (long l = 0; l < width; l++) wide |= (double)most[l] - (double)least[l] > WIDE_RANGE;
  for (long k0 = 0; k0 < n; k0 += TERMS) {
    T some[SIDE] = {0};
    for (long k = k0; k < n && k < k0 + TERMS; k++) {
      if (wide)
        for (long l = 0; l < width; l++)
          out[k * step + l] = FN(n_exp_difference)(a[k * step + l], most[l]);
      else
        for (long l = 0; l < width; l++)
          out[k * step + l] = FN(n_exp)(a[k * step + l] - most[l]);
      for (long l = 0; l < width; l++) some[l] += out[k * step + l];
    }
    for (long l = 0; l < width; l++) total[l] += (double)some[l];
  }
  for (long l = 0; l < width; l++) covered |= logarithm && total[l] - 1 < SMALL_REST;
  if (covered)
    for (long l = 0; l < width; l++) {
      double rest = 0;
      for (long k = 0; k < n; k++)
        rest += a[k * step + l] == most[l] ? 0 : (double)out[k * step + l];
      shift[l] = FN(n_log1p)((T)(total[l] - 1 < SMALL_REST ? rest : total[l] - 1));
    }
  else
    for (long l = 0; l < width; l++)
      shift[l] = logarithm ? FN(n_log1p)((T)(total[l] - 1)) : (T)total[l];
  for (long k = 0; k < n; k++)
    for (long l = 0; l < width; l++) {
      long i = k * step + l;
      out[i] = logarithm ? (a[i] - most[l]) - shift[l] : out[i] / shift[l];
    }
}

static void FN(softmax)(int logarithm, long outer, long n, long inner, const void *pa, void *po) {
  const T *a = pa;
  T *out = po;
  for (long o = 0; o < outer; o++, a += n * inner, out += n * inner) {
    if (inner == 1) FN(softmax_row)(logarithm, n, a, out);
    else
      for (long i = 0; i < inner; i += SIDE)
        FN(softmax_columns)(logarithm, n, inner, inner - i < SIDE ? inner - i : SIDE,
                            a + i, out + i);
  }
}

static void FN(nll)(long outer, long n, long inner, const void *log_probabilities,
                    const long *target, long ignored, void *out) {
  const T *log_p = log_probabilities;
  T *losses = out;
  for (long o = 0; o < outer; o++)
    for (long i = 0; i < inner; i++) {
      long k = target[o * inner + i];
      losses[o * inner + i] = k == ignored ? 0 : -log_p[(o * n + k) * inner + i];
    }
}

static void FN(scaled_exp)(long n, T scale, const T *a, T *out) {
  for (long k = 0; k < n; k++) out[k] = scale * FN(n_exp)(a[k]);
}
/* the same from the logits, whose differences are exact where logarithms are rounded: for rows
   with very small probabilities */
static int FN(wide_nll)(long n, T scale, const T *log_p, const T *logits, T *out) {
  T largest, smallest, most, least;
  FN(extremes)(n, log_p, &most, &least);
  if (!(least < -WIDE_RANGE)) return 0;
  FN(extremes)(n, logits, &largest, &smallest);
  scale *= FN(n_exp)(most);
  for (long k = 0; k < n; k++) out[k] = scale * FN(n_exp_difference)(logits[k], largest);
  return 1;
}
/* s·(dy − Σ dy·s). The same for dy less a number: taken from that of the largest s, nothing
   cancels where this is nearly 1. */
static void FN(softmax_grad_row)(long n, long most, const T *s, const T *dy, T *out) {
  const T first = dy[most];
  double sum[SIDE] = {0};
  for (long k = 0; k < n; k++) sum[k % SIDE] += (double)(s[k] * (dy[k] - first));
  for (int l = 1; l < SIDE; l++) sum[0] += sum[l];
  const T mean = (T)sum[0];
  for (long k = 0; k < n; k++) out[k] = s[k] * ((dy[k] - first) - mean);
}
/* dy − p·Σ dy; where p is largest −dy·(p − 1) − p·(Σ of the other dy), in which again nothing
   cancels */
static void FN(log_softmax_grad_row)(long n, long most, const T *x, const T *log_p,
                                     const T *dy, T *out) {
  double sum[SIDE] = {0};
  for (long k = 0; k < n; k++) sum[k % SIDE] += k == most ? 0 : (double)dy[k];
  for (int l = 1; l < SIDE; l++) sum[0] += sum[l];
  const T others = (T)sum[0], all = (T)(sum[0] + (double)dy[most]), p = FN(n_exp)(log_p[most]);
  for (long k = 0; k < n; k++)
    out[k] = dy[k] - p * FN(n_exp_difference)(x[k], x[most]) * all;
  out[most] = -dy[most] * FN(n_expm1)(log_p[most]) - p * others;
}

static void FN(softmax_grad)(int logarithm, long rows, long n, const void *px, const void *py,
                             const void *arriving, void *po) {
  const T *x = px, *y = py, *dy = arriving;
  T *out = po;
  for (long row = 0; row < rows; row++, x += n, y += n, dy += n, out += n) {
    long most = 0;
    for (long k = 1; k < n; k++) most = y[k] > y[most] ? k : most;
    if (logarithm) FN(log_softmax_grad_row)(n, most, x, y, dy, out);
    else FN(softmax_grad_row)(n, most, y, dy, out);
  }
}

static void FN(nll_grad)(const void *through, long outer, long n, long inner,
                         const void *log_probabilities, const long *target, long ignored,
                         double factor, const void *arriving, long stride, void *po) {
  const T *logits = through, *log_p = log_probabilities, *dy = arriving, scale = (T)factor;
  T *out = po;
  const int through_softmax = logits != NULL;
  for (long o = 0; o < outer; o++, log_p += n * inner, out += n * inner)
    for (long i = 0; i < inner; i++) {
      long sample = o * inner + i, place = target[sample];
      T g = place == ignored ? 0 : scale * dy[sample * stride];
      if (!through_softmax || place == ignored)
        for (long k = 0; k < n; k++) out[k * inner + i] = 0;
      else if (inner > 1)
        for (long k = 0; k < n; k++)
          out[k * inner + i] = g * FN(n_exp)(log_p[k * inner + i]);
      else if (!FN(wide_nll)(n, g, log_p, logits + o * n, out))
        FN(scaled_exp)(n, g, log_p, out);
      if (place == ignored) continue;
      // p − 1
      out[place * inner + i] =
          through_softmax ? g * FN(n_expm1)(log_p[place * inner + i]) : -g;
    }
}
