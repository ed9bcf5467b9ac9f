// A sequence's gradient; see recurrent_template.h. Two passes over the steps' rows:
//
//   1. back through time, step by step: from ∂h and ∂c to the gates' gradients, which take the
//      gates' place, and through W_hh to the state before. Shared by sequences;
//   2. all steps at once: ∂W = gates' gradientsᵀ · [h before | x], shared by rows of W, and
//      ∂x = gates' gradients · W_ih, shared by rows of x.

typedef struct {
  FN(plan) p;
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
} FN(backward_job);

static void FN(step_backward)(const FN(backward_job) *b, const FN(run) *run, long row,
                              bool begins) {
  const FN(plan) *p = &b->p;
  const long P = p->padded;
  T *gates = b->gates + row * p->gates_row, *dh = b->dh + run->first * P;
  FN(step) step = {.rows = run->count, .hidden = p->s->hidden, .padded = P, .gates = gates,
                   .gates_row = p->gates_row, .h_prev = run->h, .h_prev_row = run->h_row,
                   .c_prev = run->c, .c = b->cells ? b->cells + row * P : NULL,
                   .dy = b->dy ? b->dy + row * b->dy_row : NULL, .dy_row = b->dy_row, .dh = dh,
                   .dc = b->dc + run->first * P};
  FN(cell_backward)[p->s->cell](&step);
  if (begins && !b->to->h0) return;  // no one asks for the gradient of the initial state
  FN(product) product = {
      .rows = run->count, .columns = P, .a = gates, .a_row = p->gates_row, .a_k = 1,
      .count = p->recurrent.slots * p->s->hidden, .init = p->s->cell == CK_GRU ? dh : NULL,
      .init_row = P, .c = dh, .c_row = P};
  FN(multiply_packed)(&product, b->w_hh);
}

static void FN(backward_part)(void *context, int part, int parts) {
  const FN(backward_job) *b = context;
  const FN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long H = s->hidden, P = p->padded;
  long first, end, offset = s->reverse ? 0 : p->rows;
  FN(sequences_of)(p, part, parts, &first, &end);
  for (long i = 0; i < s->steps; i++) {
    const long t = s->reverse ? i : s->steps - 1 - i, here = FN(rows_at)(s, t);
    if (!s->reverse) offset -= here;
    FN(run) runs[2];
    int n = FN(runs)(p, t, offset, first, end, b->out, b->out_row, b->cells, b->c0, runs);
    for (int r = 0; r < n; r++)
      FN(step_backward)(b, &runs[r], offset + runs[r].first, runs[r].begins);
    if (s->reverse) offset += here;
  }
  T *dh0 = b->to->h0, *dc0 = b->to->c0;
  for (long row = first; row < end; row++) {
    if (dh0) memcpy(dh0 + row * H, b->dh + row * P, (size_t)H * sizeof(T));
    if (dc0) memcpy(dc0 + row * H, b->dc + row * P, (size_t)H * sizeof(T));
  }
}

// h before, or [x | 1], of some rows: what their gates' gradients are multiplied by. The bias is the
// weight of an input that is always 1.
typedef struct {
  long size;        // numbers a row
  T *rows;          // room for them as they come …
  T *packed;        // … and in tiles
} FN(left);

// Rows row … row + count of h before; zeros where a sequence begins from zeros.
static void FN(gather_states)(const FN(backward_job) *b, long row, long count, FN(left) *to) {
  const ck_sequence *s = b->p.s;
  const size_t bytes = (size_t)s->hidden * sizeof(T);
  T *out = to->rows;
  long offset = 0, k = 0;
  for (long t = 0; t < s->steps && k < count; t++) {
    const long here = FN(rows_at)(s, t), from = row + k - offset;
    if (from < here) {
      FN(run) runs[2];
      long last = from + count - k < here ? from + count - k : here;
      int n = FN(runs)(&b->p, t, offset, from, last, b->out, b->out_row, NULL, NULL, runs);
      for (int r = 0; r < n; r++)
        for (long i = 0; i < runs[r].count; i++, k++, out += s->hidden) {
          if (runs[r].h) memcpy(out, runs[r].h + i * runs[r].h_row, bytes);
          else memset(out, 0, bytes);
        }
    }
    offset += here;
  }
}

static void FN(gather_inputs)(const FN(backward_job) *b, long row, long count, FN(left) *to) {
  const long n = to->size - 1;  // 0: the product with x is taken care of elsewhere
  T *out = to->rows;
  for (long k = 0; k < count; k++, out += to->size) {
    memcpy(out, b->x + (row + k) * b->p.s->input, (size_t)n * sizeof(T));
    out[n] = 1;
  }
}

static void FN(pack_left)(FN(left) *left, long count) {
  const long n = left->size, tiles = (n + ROWS - 1) / ROWS;
  for (long tile = 0; tile < tiles; tile++) {
    long i, rows;
    ck_share(n, 1, (int)tile, (int)tiles, &i, &rows);
    FN(pack)(left->rows + i, n, count, (int)rows, left->packed + i * count);
  }
}

// Columns of `count` rows, packed in panels.
static void FN(pack_right)(const T *from, long row, long count, long columns,
                           T *out) {
  const long width = WIDTH;
  for (long k = 0; k < count; k++, from += row, out += width)
    for (long j = 0; j < columns; j += width)
      memcpy(out + j * count, from + j,
             (size_t)(columns - j < width ? columns - j : width) * sizeof(T));
}

// c (+)= leftᵀ · panel, a panel's columns wide
static void FN(left_times_panel)(const FN(left) *left, long count,
                                 const T *panel, long columns, bool add, T *c) {
  const long n = left->size, tiles = (n + ROWS - 1) / ROWS, width = WIDTH;
  for (long tile = 0; tile < tiles; tile++) {
    long i, rows;
    ck_share(n, 1, (int)tile, (int)tiles, &i, &rows);
    T *to = c + i * width;
    FN(tile)[rows - 1][columns > LANES](left->packed + i * count, 1, rows, count, panel, width,
                                        add ? to : NULL, width, to, width);
  }
}

// w[u·n + k] = c[k·row + u] for u < units, k < n
static void FN(turn_back)(const T *c, long row, long n, long units, T *w) {
  for (long u = 0; u < units; u += 4)
    for (long k = 0; k < n; k += 4) {
      const long wide = units - u < 4 ? units - u : 4, high = n - k < 4 ? n - k : 4;
      if (wide == 4 && high == 4) {
        T block[4][4];
        const T *rows[4];
        for (int i = 0; i < 4; i++) rows[i] = c + (k + i) * row;
        FN(turn)(rows, u, 4, block[0]);
        for (int j = 0; j < 4; j++) memcpy(w + (u + j) * n + k, block[j], sizeof block[j]);
      } else {
        for (long i = 0; i < high; i++)
          for (long j = 0; j < wide; j++) w[(u + j) * n + k + i] = c[(k + i) * row + u + j];
      }
    }
}

// A slot's rows of one side's ∂W and ∂b; null where none is wanted.
static void FN(place_rows)(const T *c, const T *sums, long row, long n, long units, T *w,
                           T *bias) {
  if (w) FN(turn_back)(c, row, n, units, w);
  if (bias) memcpy(bias, sums, (size_t)units * sizeof(T));
}

// The part of a matrix from some row on; null of null.
static T *FN(from_row)(void *matrix, long row, long n) {
  return matrix ? (T *)matrix + row * n : NULL;
}

// One panel of [∂W_hh | ∂W_ih | ∂b]ᵀ to its places in PyTorch's layout. It belongs to the gates'
// columns from `first` to `end`.
static void FN(place_panel)(const FN(backward_job) *b, const T *panel, long first, long end,
                            bool with_states, long inputs) {
  const FN(plan) *p = &b->p;
  const ck_sequence_gradients *to = b->to;
  const long H = p->s->hidden, width = WIDTH;
  const T *of_inputs = panel + H * width, *sums = of_inputs + inputs * width;
  for (long begin = first, last; begin < end; begin = last) {
    const long slot = begin / H, input = slot - p->input_slot, unit = begin % H, at = begin - first;
    last = slot * H + H < end ? slot * H + H : end;
    const long units = last - begin;
    if (slot < p->recurrent.slots) {
      const long top = p->recurrent.first[slot] + unit;
      FN(place_rows)(panel + at, sums + at, width, H, units,
                     with_states ? FN(from_row)(to->w_hh, top, H) : NULL,
                     FN(from_row)(to->b_hh, top, 1));
    }
    if (input >= 0) {
      const long top = p->input.first[input] + unit;
      FN(place_rows)(of_inputs + at, sums + at, width, inputs, units,
                     inputs ? FN(from_row)(to->w_ih, top, inputs) : NULL,
                     FN(from_row)(to->b_ih, top, 1));
    }
  }
}

enum { FN(rows_at_once) = 256, FN(panels_at_once) = 4, FN(blocks_at_once) = 16 };

static void FN(move_to_total)(long n, T *restrict some, double *restrict total) {
  for (long i = 0; i < n; i++) total[i] += (double)some[i], some[i] = 0;
}

static void FN(round_total)(long n, const double *restrict total, T *restrict result) {
  for (long i = 0; i < n; i++) result[i] = (T)total[i];
}

// ∂W and ∂b of a run of the gates' columns, over all steps: [h before | x | 1]ᵀ · gates' gradients,
// a block of rows at a time. One panel of gates' gradients stays in the first-level cache while
// the tiles of h and x pass by. The sums of more than a few blocks are added up in Double.
static void FN(weights_part)(void *context, int part, int parts) {
  const FN(backward_job) *b = context;
  const FN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long H = s->hidden, width = WIDTH, group = FN(panels_at_once) * width;
  long first, n;
  ck_share(p->slots * H, width, part, parts, &first, &n);
  if (n <= 0) return;
  const long wide = FN(whole)(n), panels = (n + width - 1) / width;
  const long most = p->rows < FN(rows_at_once) ? p->rows : FN(rows_at_once);
  const long x = p->sparse || !b->to->w_ih ? 0 : s->input, all = H + x + 1;
  const size_t bytes = (size_t)(panels * all * width + most * group + 2 * all * most) * sizeof(T);
  T *room = ck_alloc(bytes), *result = room, *right = result + panels * all * width;
  FN(left) states = {.size = H, .packed = right + most * group};
  FN(left) inputs = {.size = x + 1, .packed = states.packed + H * most};
  states.rows = inputs.packed + inputs.size * most;
  inputs.rows = states.rows + H * most;
  // Without an initial state, the rows of the first step add nothing to ∂W_hh.
  const long zeros = s->h0 ? 0 : FN(rows_at)(s, s->reverse ? s->steps - 1 : 0);
  const long zeros_at = s->reverse ? p->rows - zeros : 0;
  bool states_begun = false, inputs_begun = false;
  const bool many = p->rows > FN(blocks_at_once) * FN(rows_at_once);
  const size_t total_bytes = many ? (size_t)(panels * all * width) * sizeof(double) : 0;
  double *total = many ? ck_alloc(total_bytes) : NULL;
  if (many) {
    memset(total, 0, total_bytes);
    memset(result, 0, (size_t)(panels * all * width) * sizeof(T));
    states_begun = inputs_begun = true;
  }
  long blocks = 0;
  for (long row = 0, count; row < p->rows; row += count) {
    const bool idle = row >= zeros_at && row < zeros_at + zeros;
    const long next = idle ? zeros_at + zeros : row < zeros_at ? zeros_at : p->rows;
    count = next - row < most ? next - row : most;
    const bool with_states = b->to->w_hh && !idle;
    if (with_states) {
      FN(gather_states)(b, row, count, &states);
      FN(pack_left)(&states, count);
    }
    FN(gather_inputs)(b, row, count, &inputs);
    FN(pack_left)(&inputs, count);
    for (long j = 0; j < wide; j += width) {
      const T *panel = right + j % group * count;
      if (j % group == 0)
        FN(pack_right)(b->gates + row * p->gates_row + first + j, p->gates_row, count,
                       wide - j < group ? wide - j : group, right);
      T *c = result + j * all;
      if (with_states && first + j < p->recurrent.slots * H)
        FN(left_times_panel)(&states, count, panel, wide - j, states_begun, c);
      FN(left_times_panel)(&inputs, count, panel, wide - j, inputs_begun, c + H * width);
    }
    if (with_states) states_begun = true;
    inputs_begun = true;
    if (many && ++blocks % FN(blocks_at_once) == 0)
      FN(move_to_total)(panels * all * width, result, total);
  }
  if (many) {
    FN(move_to_total)(panels * all * width, result, total);
    FN(round_total)(panels * all * width, total, result);
    ck_free(total, total_bytes);
  }
  for (long j = 0; j < n; j += width)
    FN(place_panel)(b, result + j * all, first + j, first + (n - j < width ? n : j + width),
                    states_begun, x);
  ck_free(room, bytes);
}

static void FN(add_scaled)(long n, T x, const T *restrict gates, double *restrict to) {
  for (long j = 0; j < n; j++) to[j] += (double)x * (double)gates[j];
}

// ∂W_ih where x is mostly zeros: each row of gates' gradients is added to the columns of few inputs,
// in Double, as one input may be the same in very many rows. Shared by the gates.
static void FN(sparse_part)(void *context, int part, int parts) {
  const FN(backward_job) *b = context;
  const FN(plan) *p = &b->p;
  const long I = p->s->input, H = p->s->hidden;
  long first, n;
  ck_share(p->input.slots * H, LANES, part, parts, &first, &n);
  if (n <= 0) return;
  const size_t bytes = (size_t)(I * n) * sizeof(double);
  double *columns = ck_alloc(bytes);
  memset(columns, 0, bytes);
  for (long row = 0; row < p->rows; row++) {
    const T *gates = b->gates + row * p->gates_row + p->input_slot * H + first;
    const T *x = b->x + row * I;
    for (long k = 0; k < I; k++)
      if (x[k] != 0) FN(add_scaled)(n, x[k], gates, columns + k * n);
  }
  T *w = b->to->w_ih;
  for (long j = 0; j < n; j++) {
    const long slot = (first + j) / H, unit = (first + j) % H;
    T *row = w + (p->input.first[slot] + unit) * I;
    for (long k = 0; k < I; k++) row[k] = (T)columns[k * n + j];
  }
  ck_free(columns, bytes);
}

static void FN(input_part)(void *context, int part, int parts) {
  const FN(backward_job) *b = context;
  const FN(plan) *p = &b->p;
  long first, count;
  ck_share(p->rows, ROWS, part, parts, &first, &count);
  FN(product) product = {
      .rows = count, .columns = p->s->input,
      .a = b->gates + first * p->gates_row + p->input_slot * p->s->hidden, .a_row = p->gates_row,
      .a_k = 1, .count = p->input.slots * p->s->hidden,
      .c = (T *)b->to->x + first * p->s->input, .c_row = p->s->input};
  FN(multiply_packed)(&product, b->w_ih);
}

static void FN(sequence_backward)(const ck_sequence *s, const void *x, const void *out,
                                  long out_row, const void *dy, long dy_row, const void *dh_n,
                                  const void *dc_n, void *saved_rows, void *room,
                                  const ck_sequence_gradients *to) {
  T *saved = saved_rows, *scratch = room;
  FN(backward_job) b = {.p = FN(plan_of)(s), .x = x, .out = out, .out_row = out_row, .dy = dy,
                        .dy_row = dy_row, .gates = saved, .to = to};
  const FN(plan) *p = &b.p;
  const long H = s->hidden, n = p->input.slots * H;
  T *w_hh = FN(take)(&scratch, FN(panels_size)(n, H));
  FN(pack_columns)(s->w_hh, H, &p->recurrent, H, w_hh);
  b.w_hh = w_hh;
  b.dh = FN(take)(&scratch, s->batch * p->padded);
  b.dc = FN(take)(&scratch, s->batch * p->padded);
  FN(pad)(p, dh_n, s->batch, b.dh);
  if (s->cell == CK_LSTM) {
    b.cells = saved + p->rows * p->gates_row;
    FN(pad)(p, dc_n, s->batch, b.dc);
    if (s->c0) {
      T *c0 = FN(take)(&scratch, s->batch * p->padded);
      FN(pad)(p, s->c0, s->batch, c0);
      b.c0 = c0;
    }
  }
  const int parts = FN(parts)(p), threads = parts > 1 ? ck_threads() : 1;
  ck_parallel(parts, FN(backward_part), &b);
  b.p.sparse = FN(mostly_zeros)(p, x);
  if (to->w_ih || to->w_hh || to->b_ih || to->b_hh) ck_parallel(threads, FN(weights_part), &b);
  if (to->w_ih && p->sparse) ck_parallel(threads, FN(sparse_part), &b);
  // A single step from zeros has no part in W_hh.
  if (to->w_hh && !s->h0 && p->rows == FN(rows_at)(s, 0))
    memset(to->w_hh, 0, (size_t)(p->recurrent.slots * H * H) * sizeof(T));
  if (to->x) {
    T *w_ih = FN(take)(&scratch, FN(panels_size)(n, s->input));
    FN(pack_columns)(s->w_ih, s->input, &p->input, s->input, w_ih);
    b.w_ih = w_ih;
    ck_parallel(threads, FN(input_part), &b);
  }
}
