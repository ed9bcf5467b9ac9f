// Gate arithmetic of the recurrent cells, forward and backward: a step's equations, in the names of the
// cells in Sources/NN/Recurrent.
//
// They work on explicit vectors: a compiler makes vector code of such loops on some days only.

// What a cell's arithmetic is given: `rows` sequences at one step. A row of `gates` has one slot of
// numbers a gate, slot behind slot, and room for one more vector. The units are those of the layer, or
// some of them: whole vectors, but for the last. Rows of `padded` numbers have
// `hidden` of them, rounded up to whole vectors; the rest is zero and stays zero. `h`, `h_prev` and
// `dy` have exactly `hidden` numbers a row; null means zeros.
typedef struct {
  long rows, padded;
  long hidden, slot;  // units, and how far it is from one slot to the next
  T *gates;
  long gates_row;
  T *h;             // forward: the new state, written
  long h_row;
  const T *h_prev;  // GRU: the state before
  long h_prev_row;
  const T *c_prev;  // LSTM, `padded` numbers a row
  T *c;             // LSTM: the new cell, written forward, read backward
  const T *dy;      // backward: the gradient that arrives from outside …
  long dy_row;
  T *dh;            // … and from the step after, `padded` numbers a row
  T *dc;            // LSTM: read, and replaced by that of the cell before
} FN(step);

// FN(store) where the next slot begins behind the `left` numbers: that stays as it is.
INLINE void FN(put)(T *p, V x, long left) {
  static const T ones[2 * LANES] = {[0 ... LANES - 1] = 1};
  if (left < LANES) x = FN(v_less)(FN(v_splat)(0), AT_CONST(ones + LANES - left), x, AT(p));
  AT(p) = x;
}

// The row of an optional matrix.
#define ROW(p, stride) (p ? p + row * (stride) : NULL)

// Backward needs σ·(1 − σ) and 1 − tanh². Where a gate is nearly 1 these could not be told from it, so
// of a gate the smaller of σ and 1 − σ is kept, negative (also if it is 0) where that is 1 − σ.
INLINE V FN(gate)(V x, V *kept) {
  V less = FN(v_sigmoid_less)(x), zero = FN(v_splat)(0);
  *kept = FN(v_less)(x, zero, less, -less);
  return FN(v_less)(x, zero, less, 1 - less);
}

// What is kept → σ, and *rest = 1 − σ.
INLINE V FN(gate_of)(V kept, V *rest) {
  const FN(bits) negative = -(FN(v_bits)(kept) >> (8 * sizeof(T) - 1));
  V less = FN(v_abs)(kept), more = 1 - less;
  *rest = FN(v_of_bits)((FN(v_bits)(less) & negative) | (FN(v_bits)(more) & ~negative));
  return FN(v_of_bits)((FN(v_bits)(more) & negative) | (FN(v_bits)(less) & ~negative));
}

// Of y = tanh x, y is kept up to ½; beyond, 1 − |y| is, so many powers of two up, with ½ added so that
// it is told from the others, and with the sign of y.
#define BEYOND (sizeof(T) == sizeof(double) ? (T)0x1.0000000000001p-1 : (T)0x1.000002p-1f)
#define LIFTED (sizeof(T) == sizeof(double) ? (T)0x1p1021 : (T)0x1p125f)

INLINE V FN(candidate)(V x, V *kept) {
  V slope, less, y = FN(v_tanh_slope)(x, &slope, &less), size = FN(v_abs)(y);
  V far = FN(v_of_bits)(FN(v_bits)(less * LIFTED + BEYOND) | (FN(v_bits)(y) ^ FN(v_bits)(size)));
  *kept = FN(v_less)(FN(v_splat)((T)0.5), size, far, y);
  return y;
}

// What is kept → tanh x, and *slope = 1 − tanh² x.
INLINE V FN(candidate_of)(V kept, V *slope) {
  const V half = FN(v_splat)((T)0.5);
  // The other kind becomes 2 more: a subnormal product would cost a hundred times as much.
  V size = FN(v_abs)(kept);
  V less = (FN(v_less)(half, size, size, size + 2) - BEYOND) * (1 / LIFTED);
  V far = FN(v_of_bits)(FN(v_bits)(1 - less) | (FN(v_bits)(kept) ^ FN(v_bits)(size)));
  *slope = FN(v_less)(half, size, less * (2 - less), 1 - kept * kept);
  return FN(v_less)(half, size, far, kept);
}

// h = tanh(gates); what is kept is the slope, 1 − h²
static void FN(rnn_tanh_forward)(const FN(step) *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    for (long u = 0; u < s->hidden; u += LANES) {
      V slope, less, y = FN(v_tanh_slope)(AT(g + u), &slope, &less);
      AT(g + u) = slope;
      FN(store)(h + u, y, s->hidden - u);
    }
  }
}

// h = max(gates, 0), NaN staying NaN
static void FN(rnn_relu_forward)(const FN(step) *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    for (long u = 0; u < s->hidden; u += LANES) {
      V x = AT(g + u), y = FN(v_less)(x, FN(v_splat)(0), FN(v_splat)(0), x);
      AT(g + u) = y;
      FN(store)(h + u, y, s->hidden - u);
    }
  }
}

// ∂ tanh: 1 − h²
static void FN(rnn_tanh_backward)(const FN(step) *s) {
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
static void FN(rnn_relu_backward)(const FN(step) *s) {
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * s->padded;
    const T *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES) {
      V y = AT(g + u), d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      AT(g + u) = FN(v_less)(FN(v_splat)(0), y, d, FN(v_splat)(0));
    }
  }
}

// Slots i, f, g, o:   c = σ(f) · c_prev + σ(i) · tanh(g),   h = σ(o) · tanh(c)
static void FN(lstm_forward)(const FN(step) *s) {
  const long P = s->padded, H = s->slot;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row, *c = s->c + row * P;
    const T *c_prev = ROW(s->c_prev, P);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V kept_i, kept_f, kept_n, kept_o;
      V i = FN(gate)(AT(g), &kept_i), f = FN(gate)(AT(g + H), &kept_f);
      V n = FN(candidate)(AT(g + 2 * H), &kept_n), o = FN(gate)(AT(g + 3 * H), &kept_o);
      V cell = f * FN(load)(c_prev ? c_prev + u : NULL, LANES) + i * n;
      const long left = s->hidden - u;
      FN(put)(g, kept_i, left), FN(put)(g + H, kept_f, left);
      FN(put)(g + 2 * H, kept_n, left), FN(put)(g + 3 * H, kept_o, left);
      AT(c + u) = cell;
      FN(store)(h + u, o * FN(v_tanh)(cell), s->hidden - u);
    }
  }
}

// With t = tanh(c):  ∂c = ∂c_next + ∂h · o · (1 − t²);  the gates' gradients are those before
// their σ or tanh and take the gates' place.
static void FN(lstm_backward)(const FN(step) *s) {
  const long P = s->padded, H = s->slot;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * P, *dc = s->dc + row * P;
    const T *c = s->c + row * P, *c_prev = ROW(s->c_prev, P), *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V rest_i, rest_f, rest_o, slope_n, slope_t, less_t;
      V i = FN(gate_of)(AT(g), &rest_i), f = FN(gate_of)(AT(g + H), &rest_f);
      V n = FN(candidate_of)(AT(g + 2 * H), &slope_n), o = FN(gate_of)(AT(g + 3 * H), &rest_o);
      V before = FN(load)(c_prev ? c_prev + u : NULL, LANES);
      V t = FN(v_tanh_slope)(AT_CONST(c + u), &slope_t, &less_t);
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      V cell = AT(dc + u) + d * o * slope_t;
      const long left = s->hidden - u;
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
static void FN(gru_forward)(const FN(step) *s) {
  const long H = s->slot;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *h = s->h + row * s->h_row;
    const T *h_prev = ROW(s->h_prev, s->h_prev_row);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V before = FN(load)(h_prev ? h_prev + u : NULL, s->hidden - u);
      V kept_r, kept_z, kept_n, rest;
      V r = FN(gate)(AT(g + H), &kept_r);
      FN(gate)(AT(g + 2 * H), &kept_z);
      V z = FN(gate_of)(kept_z, &rest), n = FN(candidate)(AT(g + 3 * H) + r * AT(g), &kept_n);
      const long left = s->hidden - u;
      FN(put)(g + H, kept_r, left), FN(put)(g + 2 * H, kept_z, left);
      FN(put)(g + 3 * H, kept_n, left);
      FN(store)(h + u, rest * n + z * before, s->hidden - u);
    }
  }
}

// `dh` is replaced by the part that goes straight to the state before, ∂h · z.
static void FN(gru_backward)(const FN(step) *s) {
  const long P = s->padded, H = s->slot;
  for (long row = 0; row < s->rows; row++) {
    T *g = s->gates + row * s->gates_row, *dh = s->dh + row * P;
    const T *h_prev = ROW(s->h_prev, s->h_prev_row), *dy = ROW(s->dy, s->dy_row);
    for (long u = 0; u < s->hidden; u += LANES, g += LANES) {
      V rest_r, rest_z, slope_n, m = AT(g), r = FN(gate_of)(AT(g + H), &rest_r);
      V z = FN(gate_of)(AT(g + 2 * H), &rest_z), n = FN(candidate_of)(AT(g + 3 * H), &slope_n);
      V before = FN(load)(h_prev ? h_prev + u : NULL, s->hidden - u);
      V d = FN(load)(dy ? dy + u : NULL, s->hidden - u) + AT(dh + u);
      V dn = d * rest_z * slope_n;
      const long left = s->hidden - u;
      FN(put)(g, dn * r, left);
      FN(put)(g + H, dn * m * r * rest_r, left);
      FN(put)(g + 2 * H, d * (before - n) * z * rest_z, left);
      FN(put)(g + 3 * H, dn, left);
      AT(dh + u) = d * z;
    }
  }
}

#define FORWARD(op, name) [op] = FN(name##_forward),
#define BACKWARD(op, name) [op] = FN(name##_backward),
static void (*const FN(cell_forward)[])(const FN(step) *) = {CK_CELLS(FORWARD)};
static void (*const FN(cell_backward)[])(const FN(step) *) = {CK_CELLS(BACKWARD)};
#undef FORWARD
#undef BACKWARD
