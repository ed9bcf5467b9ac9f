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

// Backward needs σ·(1 − σ) and 1 − tanh². Where a gate is nearly 1 these could not be told from it, so
// of a gate the smaller of σ and 1 − σ is kept, negative (also if it is 0) where that is 1 − σ.
static inline __attribute__((always_inline)) V FN(gate)(V x, V *kept) {
  V less = VM(sigmoid_less)(x), zero = VM(splat)(0);
  *kept = VM(less)(x, zero, less, -less);
  return VM(less)(x, zero, less, 1 - less);
}

// What is kept → σ, and *rest = 1 − σ.
static inline __attribute__((always_inline)) V FN(gate_of)(V kept, V *rest) {
  const FN(bits) negative = -(VM(bits)(kept) >> (8 * sizeof(T) - 1));
  V less = VM(abs)(kept), more = 1 - less;
  *rest = VM(of_bits)((VM(bits)(less) & negative) | (VM(bits)(more) & ~negative));
  return VM(of_bits)((VM(bits)(more) & negative) | (VM(bits)(less) & ~negative));
}

// Of y = tanh x, y is kept up to ½; beyond, 1 − |y| is, so many powers of two up, with ½ added so that
// it is told from the others, and with the sign of y.
#define BEYOND (sizeof(T) == sizeof(double) ? (T)0x1.0000000000001p-1 : (T)0x1.000002p-1f)
#define LIFTED (sizeof(T) == sizeof(double) ? (T)0x1p1021 : (T)0x1p125f)

static inline __attribute__((always_inline)) V FN(candidate)(V x, V *kept) {
  V slope, less, y = VM(tanh_slope)(x, &slope, &less), size = VM(abs)(y);
  V far = VM(of_bits)(VM(bits)(less * LIFTED + BEYOND) | (VM(bits)(y) ^ VM(bits)(size)));
  *kept = VM(less)(VM(splat)((T)0.5), size, far, y);
  return y;
}

// What is kept → tanh x, and *slope = 1 − tanh² x.
static inline __attribute__((always_inline)) V FN(candidate_of)(V kept, V *slope) {
  const V half = VM(splat)((T)0.5);
  // The other kind becomes 2 more: a subnormal product would cost a hundred times as much.
  V size = VM(abs)(kept);
  V less = (VM(less)(half, size, size, size + 2) - BEYOND) * (1 / LIFTED);
  V far = VM(of_bits)(VM(bits)(1 - less) | (VM(bits)(kept) ^ VM(bits)(size)));
  *slope = VM(less)(half, size, less * (2 - less), 1 - kept * kept);
  return VM(less)(half, size, far, kept);
}

// h = tanh(gates); what is kept is the slope, 1 − h²
static void FN(rnn_tanh_forward)(const STEP *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    for (long u = 0; u < s->hidden; u += LANES) {
      V slope, less, y = VM(tanh_slope)(AT(g + u), &slope, &less);
      AT(g + u) = slope;
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
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      AT(g + u) = d * AT(g + u);
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
      V kept_i, kept_f, kept_n, kept_o;
      V i = FN(gate)(AT(g), &kept_i), f = FN(gate)(AT(g + H), &kept_f);
      V n = FN(candidate)(AT(g + 2 * H), &kept_n), o = FN(gate)(AT(g + 3 * H), &kept_o);
      V cell = f * FN(load)(c_prev ? c_prev + u : NULL, LANES) + i * n;
      const long left = H - u;
      FN(put)(g, kept_i, left), FN(put)(g + H, kept_f, left);
      FN(put)(g + 2 * H, kept_n, left), FN(put)(g + 3 * H, kept_o, left);
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
      V rest_i, rest_f, rest_o, slope_n, slope_t, less_t;
      V i = FN(gate_of)(AT(g), &rest_i), f = FN(gate_of)(AT(g + H), &rest_f);
      V n = FN(candidate_of)(AT(g + 2 * H), &slope_n), o = FN(gate_of)(AT(g + 3 * H), &rest_o);
      V before = FN(load)(c_prev ? c_prev + u : NULL, LANES);
      V t = VM(tanh_slope)(AT_CONST(c + u), &slope_t, &less_t);
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      V cell = AT(dc + u) + d * o * slope_t;
      const long left = H - u;
      FN(put)(g, cell * n * i * rest_i, left);
      FN(put)(g + H, cell * before * f * rest_f, left);
      FN(put)(g + 2 * H, cell * i * slope_n, left);
      FN(put)(g + 3 * H, d * t * o * rest_o, left);
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
      V kept_r, kept_z, kept_n, rest;
      V r = FN(gate)(AT(g + H), &kept_r);
      FN(gate)(AT(g + 2 * H), &kept_z);
      V z = FN(gate_of)(kept_z, &rest), n = FN(candidate)(AT(g + 3 * H) + r * AT(g), &kept_n);
      const long left = H - u;
      FN(put)(g + H, kept_r, left), FN(put)(g + 2 * H, kept_z, left);
      FN(put)(g + 3 * H, kept_n, left);
      FN(store)(h + u, rest * n + z * before, s->hidden - u);
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
      V rest_r, rest_z, slope_n, m = AT(g), r = FN(gate_of)(AT(g + H), &rest_r);
      V z = FN(gate_of)(AT(g + 2 * H), &rest_z), n = FN(candidate_of)(AT(g + 3 * H), &slope_n);
      V before = FN(load)(h_prev ? h_prev + u : NULL, s->hidden - u);
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      V dn = d * rest_z * slope_n;
      const long left = H - u;
      FN(put)(g, dn * r, left);
      FN(put)(g + H, dn * m * r * rest_r, left);
      FN(put)(g + 2 * H, d * (before - n) * z * rest_z, left);
      FN(put)(g + 3 * H, dn, left);
      AT(dh + u) = d * z;
    }
  }
}
