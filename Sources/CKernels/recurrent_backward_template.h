// A sequence's gradient; see recurrent_template.h. Two passes over the steps' rows:
//
//   1. back through time, step by step: from ∂h and ∂c to the gates' gradients, which take the
//      gates' place, and through W_hh to the state before. Shared by sequences;
//   2. all steps at once: ∂W = gates' gradientsᵀ · [h before | x], shared by rows of W, and
//      ∂x = gates' gradients · W_ih, shared by rows of x.

typedef struct {
  SFN(plan) p;
  const T *x, *out;
  long out_row;
  const T *dy;
  long dy_row;
  T *gates;
  T *cells;
  const T *c0;
  T *dh, *dc;                  // padded; of each sequence, where the walk has come
  const T *w_ih, *w_hh;
  const ck_sequence_gradients *to;
} SFN(backward_job);

static void SFN(step_backward)(const SFN(backward_job) *b, const SFN(run) *run, long row,
                               bool begins) {
  const SFN(plan) *p = &b->p;
  const long P = p->padded;
  T *gates = b->gates + row * p->gates_row, *dh = b->dh + run->first * P;
  STEP step = {.rows = run->count, .hidden = p->s->hidden, .padded = P, .gates = gates,
               .gates_row = p->gates_row, .h_prev = run->h, .h_prev_row = run->h_row,
               .c_prev = run->c, .c = b->cells ? b->cells + row * P : NULL,
               .dy = b->dy ? b->dy + row * b->dy_row : NULL, .dy_row = b->dy_row, .dh = dh,
               .dc = b->dc + run->first * P};
  p->ks->backward[p->s->cell](&step);
  if (begins && !b->to->h0) return;  // no one asks for the gradient of the initial state
  SFN(product) product = {
      .rows = run->count, .columns = p->s->hidden,
      .a = gates, .a_row = p->gates_row, .a_k = 1, .segments = p->recurrent.slots, .segment = P,
      .count = p->s->hidden, .init = p->s->cell == CK_GRU ? dh : NULL, .init_row = P,
      .c = dh, .c_row = P};
  SFN(multiply_packed)(p->ks, &product, b->w_hh);
}

static void SFN(backward_part)(void *context, int part, int parts) {
  const SFN(backward_job) *b = context;
  const SFN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long H = s->hidden, P = p->padded;
  long first, end, offset = s->reverse ? 0 : p->rows;
  SFN(sequences_of)(p, part, parts, &first, &end);
  for (long i = 0; i < s->steps; i++) {
    const long t = s->reverse ? i : s->steps - 1 - i, here = SFN(rows_at)(s, t);
    if (!s->reverse) offset -= here;
    SFN(run) runs[2];
    int n = SFN(runs)(p, t, offset, first, end, b->out, b->out_row, b->cells, b->c0, runs);
    for (int r = 0; r < n; r++)
      SFN(step_backward)(b, &runs[r], offset + runs[r].first, runs[r].begins);
    if (s->reverse) offset += here;
  }
  T *dh0 = b->to->h0, *dc0 = b->to->c0;
  for (long row = first; row < end; row++) {
    if (dh0) memcpy(dh0 + row * H, b->dh + row * P, (size_t)H * sizeof(T));
    if (dc0) memcpy(dc0 + row * H, b->dc + row * P, (size_t)H * sizeof(T));
  }
}

// Rows row … row + count of [h before], packed in panels; zeros where a sequence begins from zeros.
static void SFN(pack_states)(const SFN(backward_job) *b, long row, long count, T *out) {
  const SFN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long width = 2 * p->ks->lanes, H = s->hidden;
  long offset = 0, k = 0;
  for (long t = 0; t < s->steps && k < count; t++) {
    const long here = SFN(rows_at)(s, t), from = row + k - offset;
    if (from < here) {
      SFN(run) runs[2];
      long last = from + count - k < here ? from + count - k : here;
      int n = SFN(runs)(p, t, offset, from, last, b->out, b->out_row, NULL, NULL, runs);
      for (int r = 0; r < n; r++)
        for (long i = 0; i < runs[r].count; i++, k++) {
          const T *h = runs[r].h ? runs[r].h + i * runs[r].h_row : NULL;
          for (long j = 0; j < H; j += width) {
            T *panel = out + j * count + k * width;
            const long real = H - j < width ? H - j : width;
            if (!h || real < width) memset(panel, 0, (size_t)width * sizeof(T));
            if (h) memcpy(panel, h + j, (size_t)real * sizeof(T));
          }
        }
    }
    offset += here;
  }
}

// Gates' gradients are packed and multiplied in groups of tiles: a group's rows are read as long
// runs, and one panel of [h | x] serves the whole group out of the first-level cache.
enum { SFN(rows_at_once) = 256, SFN(group) = 8 };

typedef struct {
  long slot, first, tiles;              // units from `first` on
  long height[SFN(group)];              // units of each tile
  const T *packed[SFN(group)];
  T sums[SFN(group)][CK_MAX_ROWS];
} SFN(tiles);

static void SFN(pack_tiles)(const SFN(backward_job) *b, SFN(tiles) *g, long row, long count,
                            T *room) {
  const SFN(plan) *p = &b->p;
  const T *gates = b->gates + row * p->gates_row + g->slot * p->padded + g->first;
  memset(g->sums, 0, sizeof g->sums);
  for (long k = 0; k < count; k += 16) {
    const T *from = gates + k * p->gates_row;
    T *to = room;
    for (long i = 0; i < g->tiles; i++) {
      const long m = g->height[i];
      g->packed[i] = to;
      p->ks->pack(from, p->gates_row, count - k < 16 ? count - k : 16, (int)m, to + k * m,
                  g->sums[i]);
      from += m;
      to += m * count;
    }
  }
}

// The rows of ∂W that belong to a group. `states` or `inputs` null: that side has no part in it.
static void SFN(weight_rows)(const SFN(backward_job) *b, const SFN(tiles) *g, long count, bool add,
                             bool add_states, const T *states, const T *inputs) {
  const SFN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long width = 2 * p->ks->lanes;
  for (int side = 0; side < 2; side++) {  // 0: h, 1: x
    const SFN(blocks) *blocks = side ? &p->input : &p->recurrent;
    const long block = side ? g->slot - p->input_slot : g->slot, n = side ? s->input : s->hidden;
    if (block < 0 || block >= blocks->slots) continue;
    T *w = side ? b->to->w_ih : b->to->w_hh, *bias = side ? b->to->b_ih : b->to->b_hh;
    const long top = blocks->first[block] + g->first;
    for (long i = 0, at = top; bias && i < g->tiles; at += g->height[i++])
      for (long u = 0; u < g->height[i]; u++)
        bias[at + u] = g->sums[i][u] + (add ? bias[at + u] : 0);
    const T *packed = side ? inputs : states;
    const bool adds = side ? add : add_states;
    for (long j = 0; w && packed && j < n; j += width) {
      for (long i = 0, at = top; i < g->tiles; at += g->height[i++]) {
        SFN(product) product = {
            .rows = g->height[i], .columns = n, .a = g->packed[i], .a_row = 1,
            .a_k = g->height[i], .segments = 1, .count = count,
            .init = adds ? w + at * n : NULL, .init_row = n, .c = w + at * n, .c_row = n};
        SFN(panel)(p->ks, &product, j, packed + j * count, width);
      }
    }
  }
}

static void SFN(weights_part)(void *context, int part, int parts) {
  const SFN(backward_job) *b = context;
  const SFN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long H = s->hidden, I = s->input;
  const long tiles = (H + p->ks->rows - 1) / p->ks->rows, all = tiles * p->slots;
  const long most = p->rows < SFN(rows_at_once) ? p->rows : SFN(rows_at_once);
  const long states_size = SFN(panels_size)(p->ks, most, H);
  const long inputs_size = SFN(panels_size)(p->ks, most, I);
  const size_t bytes =
      (size_t)(states_size + inputs_size + SFN(group) * CK_MAX_ROWS * most) * sizeof(T);
  T *states = ck_alloc(bytes), *inputs = states + states_size, *room = inputs + inputs_size;
  // Without an initial state, the rows of the first step add nothing to ∂W_hh.
  const long zeros = s->h0 ? 0 : SFN(rows_at)(s, s->reverse ? s->steps - 1 : 0);
  const long zeros_at = s->reverse ? p->rows - zeros : 0;
  bool add_states = b->to->add;
  for (long row = 0, count; row < p->rows; row += count) {
    const bool idle = row >= zeros_at && row < zeros_at + zeros;
    const long next = idle ? zeros_at + zeros : row < zeros_at ? zeros_at : p->rows;
    count = next - row < most ? next - row : most;
    const bool add = b->to->add || row > 0;
    SFN(blocks) rows = {.slots = 1, .size = count, .padded = count, .first = {row}};
    if (!idle) SFN(pack_states)(b, row, count, states);
    if (!p->sparse) SFN(pack_columns)(p->ks, b->x, I, &rows, I, inputs);
    const long end = all * (part + 1) / parts;
    for (long tile = all * part / parts; tile < end;) {
      const long at = tile % tiles;
      SFN(tiles) group = {.slot = tile / tiles, .first = H * at / tiles};
      // as many tiles as are left in this slot and in this part
      while (group.tiles < SFN(group) && at + group.tiles < tiles && tile < end) {
        const long i = at + group.tiles;
        group.height[group.tiles++] = H * (i + 1) / tiles - H * i / tiles;
        tile++;
      }
      SFN(pack_tiles)(b, &group, row, count, room);
      SFN(weight_rows)(b, &group, count, add, add_states, idle ? NULL : states,
                       p->sparse ? NULL : inputs);
    }
    if (!idle) add_states = true;
  }
  ck_free(states, bytes);
}

// ∂W_ih where x is mostly zeros: each row of gates' gradients is added to the columns of few inputs.
// Shared by the gates.
static void SFN(sparse_part)(void *context, int part, int parts) {
  const SFN(backward_job) *b = context;
  const SFN(plan) *p = &b->p;
  const long I = p->s->input, P = p->padded, lanes = p->ks->lanes;
  long first, n;
  ck_share(p->input.slots * P, lanes, part, parts, &first, &n);
  const size_t bytes = (size_t)(I * n) * sizeof(T);
  T *columns = ck_alloc(bytes);
  memset(columns, 0, bytes);
  T values[SFN(terms_at_once)];
  long offsets[SFN(terms_at_once)];
  const long none = 0;
  for (long row = 0; row < p->rows; row++) {
    const T *gates = b->gates + row * p->gates_row + p->input_slot * P + first;
    for (long from = 0; from < I;) {
      long terms = SFN(terms)(b->x + row * I, I, &from, n, values, offsets);
      for (long i = 0; i < terms; i++)
        p->ks->combine(columns + offsets[i], gates, 2 * lanes, &none, &values[i], 1, n,
                       columns + offsets[i]);
    }
  }
  T *w = b->to->w_ih;
  for (long j = 0; j < n; j++) {
    const long slot = (first + j) / P, unit = (first + j) % P;
    if (unit >= p->s->hidden) continue;
    T *row = w + (p->input.first[slot] + unit) * I;
    for (long k = 0; k < I; k++) row[k] = columns[k * n + j] + (b->to->add ? row[k] : 0);
  }
  ck_free(columns, bytes);
}

static void SFN(input_part)(void *context, int part, int parts) {
  const SFN(backward_job) *b = context;
  const SFN(plan) *p = &b->p;
  long first, count;
  ck_share(p->rows, p->ks->rows, part, parts, &first, &count);
  SFN(product) product = {
      .rows = count, .columns = p->s->input,
      .a = b->gates + first * p->gates_row + p->input_slot * p->padded, .a_row = p->gates_row,
      .a_k = 1, .segments = p->input.slots, .segment = p->padded, .count = p->s->hidden,
      .c = (T *)b->to->x + first * p->s->input, .c_row = p->s->input};
  SFN(multiply_packed)(p->ks, &product, b->w_ih);
}

static void SFN(sequence_backward)(const ck_sequence *s, const T *x, const T *out, long out_row,
                                   const T *dy, long dy_row, const T *dh_n, const T *dc_n,
                                   T *saved, T *scratch, const ck_sequence_gradients *to) {
  SFN(backward_job) b = {.p = SFN(plan_of)(s), .x = x, .out = out, .out_row = out_row, .dy = dy,
                         .dy_row = dy_row, .gates = saved, .to = to};
  const SFN(plan) *p = &b.p;
  const long H = s->hidden, n = p->input.slots * H;
  T *w_hh = SFN(take)(&scratch, SFN(panels_size)(p->ks, n, H));
  SFN(pack_columns)(p->ks, s->w_hh, H, &p->recurrent, H, w_hh);
  b.w_hh = w_hh;
  b.dh = SFN(take)(&scratch, s->batch * p->padded);
  b.dc = SFN(take)(&scratch, s->batch * p->padded);
  SFN(pad)(p, dh_n, s->batch, b.dh);
  if (s->cell == CK_LSTM) {
    b.cells = saved + p->rows * p->gates_row;
    SFN(pad)(p, dc_n, s->batch, b.dc);
    if (s->c0) {
      T *c0 = SFN(take)(&scratch, s->batch * p->padded);
      SFN(pad)(p, s->c0, s->batch, c0);
      b.c0 = c0;
    }
  }
  const int parts = SFN(parts)(p), threads = parts > 1 ? ck_threads() : 1;
  ck_parallel(parts, SFN(backward_part), &b);
  b.p.sparse = SFN(mostly_zeros)(p, x);
  if (to->w_ih || to->w_hh || to->b_ih || to->b_hh) ck_parallel(threads, SFN(weights_part), &b);
  if (to->w_ih && p->sparse) ck_parallel(threads, SFN(sparse_part), &b);
  // A single step from zeros has no part in W_hh.
  if (to->w_hh && !to->add && !s->h0 && p->rows == SFN(rows_at)(s, 0))
    memset(to->w_hh, 0, (size_t)(p->recurrent.slots * H * H) * sizeof(T));
  if (to->x) {
    T *w_ih = SFN(take)(&scratch, SFN(panels_size)(p->ks, n, s->input));
    SFN(pack_columns)(p->ks, s->w_ih, s->input, &p->input, s->input, w_ih);
    b.w_ih = w_ih;
    ck_parallel(threads, SFN(input_part), &b);
  }
}
