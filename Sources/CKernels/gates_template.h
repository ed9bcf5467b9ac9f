// Gate arithmetic of the recurrent cells, forward and backward, for the T, VECTOR and FN of
// tile_template.h; VM(name) is a function of vecmath.h for such vectors.
//
// They work on explicit vectors: a compiler makes vector code of such loops on some days only.

#define V FN(vec)
typedef UNSIGNED FN(bits) __attribute__((vector_size(VECTOR), aligned(sizeof(T)), may_alias));
DEFINE_VECMATH(ISA_S, V, FN(bits))

#define AT(p) (*(V *)(p))
#define AT_CONST(p) (*(const V *)(p))

// The next vector of a row of which `left` numbers remain; zeros behind them, or without a row.
static inline __attribute__((always_inline)) V FN(load)(const T *p, long left) {
  if (p == NULL) return (V){0};
  if (left >= LANES) return AT_CONST(p);
  V x = {0};
  for (long j = 0; j < left; j++) x[j] = p[j];
  return x;
}

static inline __attribute__((always_inline)) void FN(store)(T *p, V x, long left) {
  if (left >= LANES) AT(p) = x;
  else for (long j = 0; j < left; j++) p[j] = x[j];
}

// The same where the next slot begins behind the `left` numbers: it stays as it is.
static inline __attribute__((always_inline)) void FN(put)(T *p, V x, long left) {
  static const T ones[2 * LANES] = {[0 ... LANES - 1] = 1};
  if (left < LANES) x = VM(less)(VM(splat)(0), AT_CONST(ones + LANES - left), x, AT(p));
  AT(p) = x;
}

// The row of an optional matrix.
#define ROW(p, stride) (p ? p + row * (stride) : NULL)

// h = tanh(gates)
static void FN(rnn_tanh_forward)(const STEP *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    for (long u = 0; u < s->hidden; u += LANES) {
      V y = VM(tanh)(AT(g + u));
      AT(g + u) = y;
      FN(store)(h + u, y, s->hidden - u);
    }
  }
}

// h = max(gates, 0), NaN staying NaN
static void FN(rnn_relu_forward)(const STEP *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    for (long u = 0; u < s->hidden; u += LANES) {
      V x = AT(g + u), y = VM(less)(x, VM(splat)(0), VM(splat)(0), x);
      AT(g + u) = y;
      FN(store)(h + u, y, s->hidden - u);
    }
  }
}

// ∂ tanh: 1 − h²
static void FN(rnn_tanh_backward)(const STEP *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * s->padded;
    const T *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES) {
      V y = AT(g + u), d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      AT(g + u) = d * (1 - y * y);
    }
  }
}

// ∂ relu: 1 where h > 0
static void FN(rnn_relu_backward)(const STEP *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * s->padded;
    const T *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES) {
      V y = AT(g + u), d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      AT(g + u) = VM(less)(VM(splat)(0), y, d, VM(splat)(0));
    }
  }
}

// Slots i, f, g, o:   c = σ(f) · c_prev + σ(i) · tanh(g),   h = σ(o) · tanh(c)
static void FN(lstm_forward)(const STEP *s) {
  const long P = s->padded, H = s->hidden;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row, *c = s->c + row * P;
    const T *c_prev = ROW(s->c_prev, P);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V i = VM(sigmoid)(AT(g)), f = VM(sigmoid)(AT(g + H));
      V n = VM(tanh)(AT(g + 2 * H)), o = VM(sigmoid)(AT(g + 3 * H));
      V cell = f * FN(load)(c_prev ? c_prev + u : NULL, LANES) + i * n;
      const long left = H - u;
      FN(put)(g, i, left), FN(put)(g + H, f, left);
      FN(put)(g + 2 * H, n, left), FN(put)(g + 3 * H, o, left);
      AT(c + u) = cell;
      FN(store)(h + u, o * VM(tanh)(cell), s->hidden - u);
    }
  }
}

// With t = tanh(c):  ∂c = ∂c_next + ∂h · o · (1 − t²);  the gates' gradients are those before
// their σ or tanh and take the gates' place.
static void FN(lstm_backward)(const STEP *s) {
  const long P = s->padded, H = s->hidden;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * P, *dc = s->dc + row * P;
    const T *c = s->c + row * P, *c_prev = ROW(s->c_prev, P), *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V i = AT(g), f = AT(g + H), n = AT(g + 2 * H), o = AT(g + 3 * H);
      V before = FN(load)(c_prev ? c_prev + u : NULL, LANES), t = VM(tanh)(AT_CONST(c + u));
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      V cell = AT(dc + u) + d * o * (1 - t * t);
      const long left = H - u;
      FN(put)(g, cell * n * i * (1 - i), left);
      FN(put)(g + H, cell * before * f * (1 - f), left);
      FN(put)(g + 2 * H, cell * i * (1 - n * n), left);
      FN(put)(g + 3 * H, d * t * o * (1 - o), left);
      AT(dc + u) = cell * f;
    }
  }
}

// Slots m, r, z, n, where m = W_hn h_prev + b_hn is what the reset gate multiplies:
//   n = tanh(n + σ(r) · m),   h = (1 − σ(z)) · n + σ(z) · h_prev
static void FN(gru_forward)(const STEP *s) {
  const long P = s->padded, H = s->hidden;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    const T *h_prev = ROW(s->h_prev, s->h_prev_row);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V before = FN(load)(h_prev ? h_prev + u : NULL, s->hidden - u);
      V r = VM(sigmoid)(AT(g + H)), z = VM(sigmoid)(AT(g + 2 * H));
      V n = VM(tanh)(AT(g + 3 * H) + r * AT(g));
      const long left = H - u;
      FN(put)(g + H, r, left), FN(put)(g + 2 * H, z, left), FN(put)(g + 3 * H, n, left);
      FN(store)(h + u, (1 - z) * n + z * before, s->hidden - u);
    }
  }
}

// `dh` is replaced by the part that goes straight to the state before, ∂h · z.
static void FN(gru_backward)(const STEP *s) {
  const long P = s->padded, H = s->hidden;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * P;
    const T *h_prev = ROW(s->h_prev, s->h_prev_row), *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V m = AT(g), r = AT(g + H), z = AT(g + 2 * H), n = AT(g + 3 * H);
      V before = FN(load)(h_prev ? h_prev + u : NULL, s->hidden - u);
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      V dn = d * (1 - z) * (1 - n * n);
      const long left = H - u;
      FN(put)(g, dn * r, left);
      FN(put)(g + H, dn * m * r * (1 - r), left);
      FN(put)(g + 2 * H, d * (before - n) * z * (1 - z), left);
      FN(put)(g + 3 * H, dn, left);
      AT(dh + u) = d * z;
    }
  }
}
