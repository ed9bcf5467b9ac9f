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

static void SFN(step_backward)(const SFN(backward_job) *b, const SFN(run) *run, long row) {
  const SFN(plan) *p = &b->p;
  const long P = p->padded;
  T *gates = b->gates + row * p->gates_row, *dh = b->dh + run->first * P;
  STEP step = {.rows = run->count, .hidden = p->s->hidden, .padded = P, .gates = gates,
               .gates_row = p->gates_row, .h_prev = run->h, .h_prev_row = run->h_row,
               .c_prev = run->c, .c = b->cells ? b->cells + row * P : NULL,
               .dy = b->dy ? b->dy + row * b->dy_row : NULL, .dy_row = b->dy_row, .dh = dh,
               .dc = b->dc + run->first * P};
  p->ks->backward[p->s->cell](&step);
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
    for (int r = 0; r < n; r++) SFN(step_backward)(b, &runs[r], offset + runs[r].first);
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

enum { SFN(rows_at_once) = 256 };

// The rows of ∂W that belong to units first … first + units of one slot.
static void SFN(weight_rows)(const SFN(backward_job) *b, long slot, long first, long units,
                             long row, long count, bool add, const T *states, const T *inputs,
                             T *room) {
  const SFN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long width = 2 * p->ks->lanes;
  T sums[CK_MAX_ROWS] = {0};
  p->ks->pack(b->gates + row * p->gates_row + slot * p->padded + first, p->gates_row, count,
              (int)units, room, sums);
  for (int side = 0; side < 2; side++) {  // 0: h, 1: x
    const SFN(blocks) *blocks = side ? &p->input : &p->recurrent;
    const long block = side ? slot - p->input_slot : slot, n = side ? s->input : s->hidden;
    if (block < 0 || block >= blocks->slots) continue;
    const long at = blocks->first[block] + first;
    T *w = side ? b->to->w_ih : b->to->w_hh, *bias = side ? b->to->b_ih : b->to->b_hh;
    if (bias) for (long u = 0; u < units; u++) bias[at + u] = sums[u] + (add ? bias[at + u] : 0);
    if (!w) continue;
    SFN(product) product = {
        .rows = units, .columns = n, .a = room, .a_row = 1, .a_k = units, .segments = 1,
        .count = count, .init = add ? w + at * n : NULL, .init_row = n, .c = w + at * n, .c_row = n};
    for (long j = 0; j < n; j += width)
      SFN(panel)(p->ks, &product, j, (side ? inputs : states) + j * count, width);
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
  const size_t bytes = (size_t)(states_size + inputs_size + CK_MAX_ROWS * most) * sizeof(T);
  T *states = ck_alloc(bytes), *inputs = states + states_size, *room = inputs + inputs_size;
  for (long row = 0; row < p->rows; row += most) {
    const long count = p->rows - row < most ? p->rows - row : most;
    const bool add = b->to->add || row > 0;
    SFN(blocks) rows = {.slots = 1, .size = count, .padded = count, .first = {row}};
    SFN(pack_states)(b, row, count, states);
    SFN(pack_columns)(p->ks, b->x, I, &rows, I, inputs);
    for (long tile = all * part / parts; tile < all * (part + 1) / parts; tile++) {
      const long at = tile % tiles, first = H * at / tiles, end = H * (at + 1) / tiles;
      SFN(weight_rows)(b, tile / tiles, first, end - first, row, count, add, states, inputs, room);
    }
  }
  ck_free(states, bytes);
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
  if (to->w_ih || to->w_hh || to->b_ih || to->b_hh) ck_parallel(threads, SFN(weights_part), &b);
  if (to->x) {
    T *w_ih = SFN(take)(&scratch, SFN(panels_size)(p->ks, n, s->input));
    SFN(pack_columns)(p->ks, s->w_ih, s->input, &p->input, s->input, w_ih);
    b.w_ih = w_ih;
    ck_parallel(threads, SFN(input_part), &b);
  }
}
