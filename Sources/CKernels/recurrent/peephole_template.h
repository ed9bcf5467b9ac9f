// What LSTMs whose gates see the memory cell do between the two products of a step, and the gradient of
// that: the arithmetic of the cells of those names in Sources/NN/Recurrent, with these slots.
//
//   i, f, g, o:  i = σ(i + w_ci·c), f = σ(f + w_cf·c), c′ = f·c + i·tanh(g),
//                o = σ(o + w_co·c′), h = o·tanh(c′)
//   coupled:     f, g, o, and i = 1 − f
//   depth-gated: i, f, g, o, d, and c′ is σ(d + w_cd·c + w_ld·below)·below more
//
// Threads share the units.

typedef struct { long f, n, o, d; } FN(slots);  // where in a row

static FN(slots) FN(slots_of)(const ck_peephole *s) {
  const long H = s->hidden, f = s->coupled ? 0 : H;
  return (FN(slots)){f, f + H, f + 2 * H, f + 3 * H};
}

typedef struct {
  const ck_peephole *s;
  T *h, *c_new;              // forward writes both, backward reads the cell
  const T *dh, *dc_new;
  const ck_peephole_gradients *to;
} FN(peephole_job);

INLINE V FN(weight)(const void *w, long u, long left) {
  return FN(load)(w ? (const T *)w + u : NULL, left);
}

static void FN(peephole_forward_part)(void *context, int part, int parts) {
  const FN(peephole_job) *job = context;
  const ck_peephole *s = job->s;
  const long H = s->hidden;
  const FN(slots) at = FN(slots_of)(s);
  long first, count;
  ck_share(H, LANES, part, parts, &first, &count);
  for (long row = 0; row < s->rows; row++) {
    T *g = (T *)s->gates + row * s->gates_row + first;
    for (long u = first; u < first + count; u += LANES, g += LANES) {
      const long left = H - u, place = row * H + u;
      const V c = FN(load)((const T *)s->c + place, left);
      V kept_f, kept_i, kept_n, kept_o, kept_d, i;
      const V f = FN(gate)(FN(load)(g + at.f, left) + FN(weight)(s->w_cf, u, left) * c, &kept_f);
      if (s->coupled) {
        FN(gate_of)(kept_f, &i);
      } else {
        i = FN(gate)(FN(load)(g, left) + FN(weight)(s->w_ci, u, left) * c, &kept_i);
        FN(store)(g, kept_i, left);
      }
      const V n = FN(candidate)(FN(load)(g + at.n, left), &kept_n);
      V cell = f * c + i * n;
      if (s->below) {
        const V below = FN(load)((const T *)s->below + place, left);
        cell += below * FN(gate)(FN(load)(g + at.d, left) + FN(weight)(s->w_cd, u, left) * c +
                                 FN(weight)(s->w_ld, u, left) * below, &kept_d);
        FN(store)(g + at.d, kept_d, left);
      }
      const V o = FN(gate)(FN(load)(g + at.o, left) + FN(weight)(s->w_co, u, left) * cell, &kept_o);
      FN(store)(g + at.f, kept_f, left), FN(store)(g + at.n, kept_n, left);
      FN(store)(g + at.o, kept_o, left);
      FN(store)(job->c_new + place, cell, left);
      FN(store)(job->h + place, o * FN(v_tanh)(cell), left);
    }
  }
}

enum { FN(units_at_once) = 16 * LANES, FN(peepholes) = 5 };

// Of some units, few enough for what the rows add to the peephole weights to stay in the cache.
static void FN(peephole_backward_units)(const FN(peephole_job) *job, long first, long end) {
  const ck_peephole *s = job->s;
  const ck_peephole_gradients *to = job->to;
  const long H = s->hidden;
  const FN(slots) at = FN(slots_of)(s);
  T sums[FN(peepholes)][FN(units_at_once)] = {{0}};
  for (long row = 0; row < s->rows; row++) {
    T *g = (T *)s->gates + row * s->gates_row + first;
    for (long u = first; u < end; u += LANES, g += LANES) {
      const long left = H - u, place = row * H + u, k = u - first;
      V rest_f, rest_i, rest_o, rest_d, slope_n, slope_t, less_t;
      const V c = FN(load)((const T *)s->c + place, left);
      const V cell = FN(load)(job->c_new + place, left);
      const V f = FN(gate_of)(FN(load)(g + at.f, left), &rest_f);
      const V i = s->coupled ? rest_f : FN(gate_of)(FN(load)(g, left), &rest_i);
      const V n = FN(candidate_of)(FN(load)(g + at.n, left), &slope_n);
      const V o = FN(gate_of)(FN(load)(g + at.o, left), &rest_o);
      const V t = FN(v_tanh_slope)(cell, &slope_t, &less_t);
      const V d = FN(load)(job->dh ? job->dh + place : NULL, left);
      const V d_o = d * t * o * rest_o;
      const V d_cell = FN(load)(job->dc_new ? job->dc_new + place : NULL, left) +
                       d * o * slope_t + d_o * FN(weight)(s->w_co, u, left);
      const V d_f = d_cell * (s->coupled ? c - n : c) * f * rest_f;
      V d_c = d_cell * f + d_f * FN(weight)(s->w_cf, u, left);
      if (!s->coupled) {
        const V d_i = d_cell * n * i * rest_i;
        d_c += d_i * FN(weight)(s->w_ci, u, left);
        FN(store)(g, d_i, left);
        AT(sums[0] + k) += d_i * c;
      }
      if (s->below) {
        const V below = FN(load)((const T *)s->below + place, left);
        const V gate = FN(gate_of)(FN(load)(g + at.d, left), &rest_d);
        const V d_d = d_cell * below * gate * rest_d;
        d_c += d_d * FN(weight)(s->w_cd, u, left);
        FN(store)(g + at.d, d_d, left);
        FN(store)((T *)to->below + place, d_cell * gate + d_d * FN(weight)(s->w_ld, u, left), left);
        AT(sums[3] + k) += d_d * c;
        AT(sums[4] + k) += d_d * below;
      }
      FN(store)(g + at.f, d_f, left), FN(store)(g + at.n, d_cell * i * slope_n, left);
      FN(store)(g + at.o, d_o, left);
      FN(store)((T *)to->c + place, d_c, left);
      AT(sums[1] + k) += d_f * c;
      AT(sums[2] + k) += d_o * cell;
    }
  }
  for (int w = 0; w < FN(peepholes); w++)
    for (long u = first; to->w[w] && u < end && u < H; u++) to->w[w][u] += (double)sums[w][u - first];
}

static void FN(peephole_backward_part)(void *context, int part, int parts) {
  const FN(peephole_job) *job = context;
  long first, count;
  ck_share(job->s->hidden, LANES, part, parts, &first, &count);
  const long end = first + count;
  for (long u = first; u < end; u += FN(units_at_once))
    FN(peephole_backward_units)(job, u, end - u < FN(units_at_once) ? end : u + FN(units_at_once));
}

// A unit takes some four nanoseconds, either way.
static int FN(peephole_threads)(const ck_peephole *s) {
  return ck_threads_for(4 * (double)(s->rows * s->hidden));
}

static void FN(peephole_forward)(const ck_peephole *s, void *h, void *c_new) {
  FN(peephole_job) job = {.s = s, .h = h, .c_new = c_new};
  ck_parallel(FN(peephole_threads)(s), FN(peephole_forward_part), &job);
}

static void FN(peephole_backward)(const ck_peephole *s, const void *c_new, const void *dh,
                                  const void *dc_new, const ck_peephole_gradients *to) {
  FN(peephole_job) job = {.s = s, .c_new = (T *)c_new, .dh = dh, .dc_new = dc_new, .to = to};
  ck_parallel(FN(peephole_threads)(s), FN(peephole_backward_part), &job);
}
