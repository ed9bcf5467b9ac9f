// What LSTMs whose gates see the memory cell do between the two products of a step, and the gradient of
// that: the arithmetic of the cells of those names in Sources/NN/Recurrent, with these slots.
//
//   i, f, g, o:  i = σ(i + w_ci·c), f = σ(f + w_cf·c), c′ = f·c + i·tanh(g) + extra,
//                o = σ(o + w_co·c′), h = o·tanh(c′)
//   coupled:     f, g, o, and i = 1 − f

typedef struct { long f, n, o, all; } FN(slots);  // where in a row

static FN(slots) FN(slots_of)(const ck_peephole *s) {
  const long H = s->hidden, f = s->coupled ? 0 : H;
  return (FN(slots)){f, f + H, f + 2 * H, f + 3 * H};
}

INLINE V FN(weight)(const void *w, long u, long left) {
  return FN(load)(w ? (const T *)w + u : NULL, left);
}

static void FN(peephole_forward)(const ck_peephole *s, void *kept, void *h, void *c_new) {
  const long H = s->hidden;
  const FN(slots) at = FN(slots_of)(s);
  for (long row = 0; row < s->rows; row++) {
    const T *x = (const T *)s->x + row * s->x_row, *y = (const T *)s->h + row * at.all;
    const T *extra = s->extra ? (const T *)s->extra + row * H : NULL;
    T *k = (T *)kept + row * at.all;
    for (long u = 0; u < H; u += LANES, x += LANES, y += LANES, k += LANES) {
      const long left = H - u;
      const V c = FN(load)((const T *)s->c + row * H + u, left);
      V kept_f, kept_i, kept_n, kept_o, i;
      const V f = FN(gate)(FN(load)(x + at.f, left) + FN(load)(y + at.f, left) +
                           FN(weight)(s->w_cf, u, left) * c, &kept_f);
      if (s->coupled) {
        FN(gate_of)(kept_f, &i);
      } else {
        i = FN(gate)(FN(load)(x, left) + FN(load)(y, left) + FN(weight)(s->w_ci, u, left) * c,
                     &kept_i);
        FN(store)(k, kept_i, left);
      }
      const V n = FN(candidate)(FN(load)(x + at.n, left) + FN(load)(y + at.n, left), &kept_n);
      const V cell = f * c + i * n + FN(load)(extra ? extra + u : NULL, left);
      const V o = FN(gate)(FN(load)(x + at.o, left) + FN(load)(y + at.o, left) +
                           FN(weight)(s->w_co, u, left) * cell, &kept_o);
      FN(store)(k + at.f, kept_f, left), FN(store)(k + at.n, kept_n, left);
      FN(store)(k + at.o, kept_o, left);
      FN(store)((T *)c_new + row * H + u, cell, left);
      FN(store)((T *)h + row * H + u, o * FN(v_tanh)(cell), left);
    }
  }
}

// w[u …] += x, where a gradient is wanted.
INLINE void FN(add_to)(void *w, long u, V x, long left) {
  if (w) FN(store)((T *)w + u, FN(load)((const T *)w + u, left) + x, left);
}

static void FN(peephole_backward)(const ck_peephole *s, const void *kept, const void *c_new,
                                  const void *dh, const void *dc_new,
                                  const ck_peephole_gradients *to) {
  const long H = s->hidden;
  const FN(slots) at = FN(slots_of)(s);
  for (int w = 0; w < 3; w++)
    if (to->w[w]) memset(to->w[w], 0, (size_t)H * sizeof(T));
  for (long row = 0; row < s->rows; row++) {
    const T *k = (const T *)kept + row * at.all;
    T *sums = (T *)to->sums + row * at.all;
    for (long u = 0; u < H; u += LANES, k += LANES, sums += LANES) {
      const long left = H - u, place = row * H + u;
      V rest_f, rest_i, rest_o, slope_n, slope_t, less_t;
      const V c = FN(load)((const T *)s->c + place, left);
      const V cell = FN(load)((const T *)c_new + place, left);
      const V f = FN(gate_of)(FN(load)(k + at.f, left), &rest_f);
      const V i = s->coupled ? rest_f : FN(gate_of)(FN(load)(k, left), &rest_i);
      const V n = FN(candidate_of)(FN(load)(k + at.n, left), &slope_n);
      const V o = FN(gate_of)(FN(load)(k + at.o, left), &rest_o);
      const V t = FN(v_tanh_slope)(cell, &slope_t, &less_t);
      const V d = FN(load)(dh ? (const T *)dh + place : NULL, left);
      const V d_o = d * t * o * rest_o;
      const V d_cell = FN(load)(dc_new ? (const T *)dc_new + place : NULL, left) +
                       d * o * slope_t + d_o * FN(weight)(s->w_co, u, left);
      const V d_f = d_cell * (s->coupled ? c - n : c) * f * rest_f;
      V d_c = d_cell * f + d_f * FN(weight)(s->w_cf, u, left);
      if (!s->coupled) {
        const V d_i = d_cell * n * i * rest_i;
        d_c += d_i * FN(weight)(s->w_ci, u, left);
        FN(store)(sums, d_i, left);
        FN(add_to)(to->w[0], u, d_i * c, left);
      }
      FN(store)(sums + at.f, d_f, left), FN(store)(sums + at.n, d_cell * i * slope_n, left);
      FN(store)(sums + at.o, d_o, left);
      FN(store)((T *)to->c + place, d_c, left);
      if (to->extra) FN(store)((T *)to->extra + place, d_cell, left);
      FN(add_to)(to->w[1], u, d_f * c, left);
      FN(add_to)(to->w[2], u, d_o * cell, left);
    }
  }
}
