// A sequence's gradient. Some steps at a time, or all of them:
//
//   1. where the gates were not kept, forward through these steps once more;
//   2. back through time, step by step: from ∂h and ∂c to the gates' gradients, which take the
//      gates' place, and through W_hh to the state before. Shared by sequences;
//   3. all these steps at once: ∂W += gates' gradientsᵀ · [h before | x], shared by rows of W, and
//      ∂x = gates' gradients · W_ih, shared by rows of x.

// h before, or [x | 1], of some rows: what their gates' gradients are multiplied by. The bias is the
// weight of an input that is always 1.
typedef struct {
  long size;        // numbers a row
  T *rows;          // room for them as they come …
  T *packed;        // … and in tiles
} FN(left);

// The gates' columns whose part of ∂W and ∂b one thread adds up, while the walk goes on.
typedef struct {
  long first, n;
  T *result, *right;
  FN(left) states, inputs;
  size_t bytes, total_bytes;
  double *total;               // null: so few blocks that they are added up in T
  bool begun, states_begun, inputs_begun;
  long blocks;
  long sparse_first, sparse_n; // of ∂W_ih where x is mostly zeros, among x's columns
  double *columns;
} FN(piece);

typedef struct {
  FN(plan) p;
  FN(span) now;                // the steps that are worked on
  FN(grid) grid;               // how they are shared
  bool ends;                   // whether they are the last on the way
  const T *x, *out;
  long out_row;
  const T *dy;
  long dy_row;
  T *gates;                    // from row `gates_from` on
  long gates_from;
  T *cells;
  const T *c0;
  T *dh, *dc;                  // padded; of each sequence, where the walk has come
  const T *w_ih, *w_hh;
  FN(piece) *pieces;
  int pieces_count;
  const ck_sequence_gradients *to;
} FN(backward_job);

static T *FN(gradients_at)(const FN(backward_job) *b, long row) {
  return b->gates + (row - b->gates_from) * b->p.gates_row;
}

static void FN(step_backward)(const FN(backward_job) *b, const FN(run) *run, long row,
                              bool begins) {
  const FN(plan) *p = &b->p;
  const long P = p->padded;
  T *gates = FN(gradients_at)(b, row), *dh = b->dh + run->first * P;
  FN(step) step = {.rows = run->count, .hidden = p->s->hidden, .slot = p->s->hidden, .padded = P,
                   .gates = gates,
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
  const FN(span) now = b->now;
  long first, end, offset = s->reverse ? now.row : now.row + now.rows;
  FN(sequences_of)(p, part, parts, &first, &end);
  for (long i = 0; i < now.end - now.first; i++) {
    const long t = s->reverse ? now.first + i : now.end - 1 - i, here = FN(rows_at)(s, t);
    if (!s->reverse) offset -= here;
    FN(run) runs[2];
    int n = FN(runs)(p, t, offset, first, end, b->out, b->out_row, b->cells, b->c0, runs);
    for (int r = 0; r < n; r++)
      FN(step_backward)(b, &runs[r], offset + runs[r].first, runs[r].begins);
    if (s->reverse) offset += here;
  }
}

// The gradients of the initial state.
static void FN(put_first)(const FN(backward_job) *b) {
  const long H = b->p.s->hidden, P = b->p.padded;
  T *dh0 = b->to->h0, *dc0 = b->to->c0;
  for (long row = 0; row < b->p.s->batch; row++) {
    if (dh0) memcpy(dh0 + row * H, b->dh + row * P, (size_t)H * sizeof(T));
    if (dc0) memcpy(dc0 + row * H, b->dc + row * P, (size_t)H * sizeof(T));
  }
}

// The runs of step i of a group of sequences on the way back, and their first row.
static int FN(runs_back)(const FN(backward_job) *b, int group, long i, FN(run) runs[2],
                         long *offset) {
  const FN(plan) *p = &b->p;
  const long t = p->s->reverse ? b->now.first + i : b->now.end - 1 - i;
  *offset = FN(offset_of)(p, b->now, t);
  long first, end;
  FN(sequences_of)(p, group, b->grid.rows, &first, &end);
  return FN(runs)(p, t, *offset, first, end, b->out, b->out_row, b->cells, b->c0, runs);
}

// Step i of one part of the grid: from all gates' gradients of the step after to ∂h of these units,
// and from that to these units' part of the gates' gradients.
static void FN(backward_member)(void *context, int group, int member, long i) {
  const FN(backward_job) *b = context;
  const FN(plan) *p = &b->p;
  const long H = p->s->hidden, P = p->padded, units = H / b->grid.units, unit = member * units;
  FN(run) runs[2];
  long offset;
  for (int r = 0, n = i > 0 ? FN(runs_back)(b, group, i - 1, runs, &offset) : 0; r < n; r++) {
    if (runs[r].begins && !b->to->h0) continue;
    const long count = p->recurrent.slots * H;
    T *dh = b->dh + runs[r].first * P + unit;
    const FN(product) product = {
        .rows = runs[r].count, .columns = units,
        .a = FN(gradients_at)(b, offset + runs[r].first), .a_row = p->gates_row, .a_k = 1,
        .count = count, .init = p->s->cell == CK_GRU ? dh : NULL, .init_row = P, .c = dh,
        .c_row = P};
    FN(multiply_packed)(&product, b->w_hh + unit * count);
  }
  if (i == b->now.end - b->now.first) return;
  for (int r = 0, n = FN(runs_back)(b, group, i, runs, &offset); r < n; r++) {
    const FN(run) *run = &runs[r];
    const long row = offset + run->first;
    const FN(step) step = {
        .rows = run->count, .hidden = units, .slot = H, .padded = P,
        .gates = FN(gradients_at)(b, row) + unit, .gates_row = p->gates_row,
        .h_prev = run->h ? run->h + unit : NULL, .h_prev_row = run->h_row,
        .c_prev = run->c ? run->c + unit : NULL, .c = b->cells ? b->cells + row * P + unit : NULL,
        .dy = b->dy ? b->dy + row * b->dy_row + unit : NULL, .dy_row = b->dy_row,
        .dh = b->dh + run->first * P + unit, .dc = b->dc + run->first * P + unit};
    FN(cell_backward)[p->s->cell](&step);
  }
}

// h before, of `count` rows from the `skip`th of some steps on; zeros where a sequence begins from zeros.
static void FN(gather_states)(const FN(backward_job) *b, FN(span) steps, long skip, long count,
                              FN(left) *to) {
  const ck_sequence *s = b->p.s;
  const size_t bytes = (size_t)s->hidden * sizeof(T);
  T *out = to->rows;
  long offset = steps.row, k = 0;
  for (long t = steps.first; t < steps.end && k < count; t++) {
    const long here = FN(rows_at)(s, t), from = steps.row + skip + k - offset;
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

enum { FN(panels_at_once) = 4, FN(blocks_at_once) = 16 };

static void FN(move_to_total)(long n, T *restrict some, double *restrict total) {
  for (long i = 0; i < n; i++) total[i] += (double)some[i], some[i] = 0;
}

static void FN(round_total)(long n, const double *restrict total, T *restrict result) {
  for (long i = 0; i < n; i++) result[i] = (T)total[i];
}

// The numbers of a row of inputs, the 1 among them, that take part in the products for ∂W_ih and ∂b.
static long FN(dense_inputs)(const FN(backward_job) *b) {
  return (b->p.sparse || !b->to->w_ih ? 0 : b->p.s->input) + 1;
}

static void FN(begin_piece)(const FN(backward_job) *b, FN(piece) *piece) {
  const FN(plan) *p = &b->p;
  const long H = p->s->hidden, width = WIDTH, group = FN(panels_at_once) * width;
  const long most = p->rows < FN(rows_at_once) ? p->rows : FN(rows_at_once);
  const long x = FN(dense_inputs)(b), panels = (piece->n + width - 1) / width;
  const long numbers = panels * (H + x) * width;
  piece->bytes = (size_t)(numbers + most * group + 2 * (H + x) * most) * sizeof(T);
  piece->result = ck_alloc(piece->bytes);
  piece->right = piece->result + numbers;
  piece->states = (FN(left)){.size = H, .packed = piece->right + most * group};
  piece->inputs = (FN(left)){.size = x, .packed = piece->states.packed + H * most};
  piece->states.rows = piece->inputs.packed + x * most;
  piece->inputs.rows = piece->states.rows + H * most;
  piece->begun = true;
  if (p->rows <= FN(blocks_at_once) * FN(rows_at_once)) return;
  piece->total_bytes = (size_t)numbers * sizeof(double);
  piece->total = ck_alloc(piece->total_bytes);
  memset(piece->total, 0, piece->total_bytes);
  memset(piece->result, 0, (size_t)numbers * sizeof(T));
  piece->states_begun = piece->inputs_begun = true;
}

// Adds what some steps' rows make: [h before | x | 1]ᵀ · gates' gradients, `count` rows from the
// `skip`th on. One panel of gates' gradients stays in the first-level cache while the tiles of h and
// x pass by. The sums of more than a few blocks are added up in Double.
static void FN(add_block)(const FN(backward_job) *b, FN(piece) *piece, FN(span) steps, long skip,
                          long count) {
  const FN(plan) *p = &b->p;
  const ck_sequence *s = p->s;
  const long H = s->hidden, width = WIDTH, group = FN(panels_at_once) * width;
  const long wide = FN(whole)(piece->n), all = H + piece->inputs.size, row = steps.row + skip;
  // Without an initial state, the rows of the first step add nothing to ∂W_hh.
  const long begins = s->reverse ? s->steps - 1 : 0;
  const bool with_states = b->to->w_hh && (s->h0 || begins < steps.first || begins >= steps.end);
  if (with_states) {
    FN(gather_states)(b, steps, skip, count, &piece->states);
    FN(pack_left)(&piece->states, count);
  }
  FN(gather_inputs)(b, row, count, &piece->inputs);
  FN(pack_left)(&piece->inputs, count);
  for (long j = 0; j < wide; j += width) {
    const T *panel = piece->right + j % group * count;
    if (j % group == 0)
      FN(pack_right)(FN(gradients_at)(b, row) + piece->first + j, p->gates_row, count,
                     wide - j < group ? wide - j : group, piece->right);
    T *c = piece->result + j * all;
    if (with_states && piece->first + j < p->recurrent.slots * H)
      FN(left_times_panel)(&piece->states, count, panel, wide - j, piece->states_begun, c);
    FN(left_times_panel)(&piece->inputs, count, panel, wide - j, piece->inputs_begun,
                         c + H * width);
  }
  if (with_states) piece->states_begun = true;
  piece->inputs_begun = true;
  if (piece->total && ++piece->blocks % FN(blocks_at_once) == 0)
    FN(move_to_total)((wide + width - 1) / width * all * width, piece->result, piece->total);
}

// The sums to their places in ∂W and ∂b.
static void FN(end_piece)(const FN(backward_job) *b, FN(piece) *piece) {
  const long width = WIDTH, n = piece->n, all = b->p.s->hidden + piece->inputs.size;
  if (piece->total) {
    const long numbers = (n + width - 1) / width * all * width;
    FN(move_to_total)(numbers, piece->result, piece->total);
    FN(round_total)(numbers, piece->total, piece->result);
    ck_free(piece->total, piece->total_bytes);
  }
  for (long j = 0; j < n; j += width)
    FN(place_panel)(b, piece->result + j * all, piece->first + j,
                    piece->first + (n - j < width ? n : j + width), piece->states_begun,
                    piece->inputs.size - 1);
  ck_free(piece->result, piece->bytes);
}

// ∂W_ih where x is mostly zeros: each row of gates' gradients is added to the columns of few inputs,
// in Double, as one input may be the same in very many rows.
static void FN(add_sparse)(const FN(backward_job) *b, FN(piece) *piece, FN(span) steps) {
  const FN(plan) *p = &b->p;
  const long I = p->s->input, n = piece->sparse_n;
  const size_t bytes = (size_t)(I * n) * sizeof(double);
  if (!piece->columns) {
    piece->columns = ck_alloc(bytes);
    memset(piece->columns, 0, bytes);
  }
  for (long row = steps.row; row < steps.row + steps.rows; row++) {
    const T *gates = FN(gradients_at)(b, row) + p->input_slot * p->s->hidden + piece->sparse_first;
    const T *x = b->x + row * I;
    for (long k = 0; k < I; k++)
      if (x[k] != 0) FN(add_scaled)(n, x[k], gates, piece->columns + k * n);
  }
}

static void FN(end_sparse)(const FN(backward_job) *b, FN(piece) *piece) {
  const FN(plan) *p = &b->p;
  const long I = p->s->input, H = p->s->hidden, n = piece->sparse_n;
  T *w = b->to->w_ih;
  for (long j = 0; j < n; j++) {
    const long slot = (piece->sparse_first + j) / H, unit = (piece->sparse_first + j) % H;
    T *row = w + (p->input.first[slot] + unit) * I;
    for (long k = 0; k < I; k++) row[k] = (T)piece->columns[k * n + j];
  }
  ck_free(piece->columns, (size_t)(I * n) * sizeof(double));
}

// What the present steps add to ∂W and ∂b, in an order that the shapes alone decide: the way's, some
// steps at a time, whatever number of them is at hand.
static void FN(weights_part)(void *context, int part, int parts) {
  const FN(backward_job) *b = context;
  const bool up = b->p.s->reverse, sparse = b->p.sparse && b->to->w_ih;
  for (int i = b->pieces_count * part / parts; i < b->pieces_count * (part + 1) / parts; i++) {
    FN(piece) *piece = &b->pieces[i];
    if (!piece->begun && piece->n > 0) FN(begin_piece)(b, piece);
    FN(span) steps = FN(edge)(b->now, up);
    while (up ? steps.end < b->now.end : steps.first > b->now.first) {
      steps = FN(next_steps)(&b->p, steps, up);
      const long blocks = (steps.rows + FN(rows_at_once) - 1) / FN(rows_at_once);
      for (long k = 0; k < blocks && piece->n > 0; k++) {
        const long skip = steps.rows * k / blocks, end = steps.rows * (k + 1) / blocks;
        FN(add_block)(b, piece, steps, skip, end - skip);
      }
      if (sparse && piece->sparse_n > 0) FN(add_sparse)(b, piece, steps);
    }
    if (b->ends && piece->n > 0) FN(end_piece)(b, piece);
    if (b->ends && sparse && piece->sparse_n > 0) FN(end_sparse)(b, piece);
  }
}

static void FN(input_part)(void *context, int part, int parts) {
  const FN(backward_job) *b = context;
  const FN(plan) *p = &b->p;
  long first, count;
  ck_share(b->now.rows, ROWS, part, parts, &first, &count);
  first += b->now.row;
  FN(product) product = {
      .rows = count, .columns = p->s->input,
      .a = FN(gradients_at)(b, first) + p->input_slot * p->s->hidden, .a_row = p->gates_row,
      .a_k = 1, .count = p->input.slots * p->s->hidden,
      .c = (T *)b->to->x + first * p->s->input, .c_row = p->s->input};
  FN(multiply_packed)(&product, b->w_ih);
}

static void FN(pack_backward_part)(void *context, int part, int parts) {
  const FN(packing) *to = context;
  const FN(plan) *p = to->p;
  const ck_sequence *s = p->s;
  FN(pack_some_columns)(s->w_hh, s->hidden, &p->recurrent, s->hidden, to->w_hh, part, parts);
  if (to->w_ih)
    FN(pack_some_columns)(s->w_ih, s->input, &p->input, s->input, to->w_ih, part, parts);
}

// The present steps: their gates once more where `again` is given, and their part of all gradients.
static void FN(run_backward)(FN(backward_job) *b, FN(forward_job) *again, FN(grid) grid) {
  const ck_sequence_gradients *to = b->to;
  if (again) {
    again->gates_from = again->out_from = b->gates_from = b->now.row;
    FN(run_again)(again, b->now, grid);
  }
  b->grid = grid;
  if (grid.units > 1)
    ck_team(grid.rows, grid.units, b->now.end - b->now.first + 1, FN(backward_member), b);
  else ck_parallel(grid.rows, FN(backward_part), b);
  if (b->ends) FN(put_first)(b);
  const int threads = FN(threads_for)(FN(work)(&b->p, b->now.rows));
  if (to->w_ih || to->w_hh || to->b_ih || to->b_hh) ck_parallel(threads, FN(weights_part), b);
  if (to->x) ck_parallel(threads, FN(input_part), b);
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
  FN(forward_job) again;
  if (s->checkpointing) again = FN(forward_of)(s, x, &scratch);
  b.p.sparse = s->checkpointing ? again.p.sparse : FN(mostly_zeros)(p->rows, s->input, x);
  FN(packing) packed = {p, NULL, FN(take)(&scratch, FN(panels_size)(n, H))};
  if (to->x) packed.w_ih = FN(take)(&scratch, FN(panels_size)(n, s->input));
  ck_parallel(FN(packing_threads)(p), FN(pack_backward_part), &packed);
  b.w_hh = packed.w_hh, b.w_ih = packed.w_ih;
  b.dh = FN(take)(&scratch, s->batch * p->padded);
  b.dc = FN(take)(&scratch, s->batch * p->padded);
  FN(pad)(p, dh_n, s->batch, b.dh);
  if (s->cell == CK_LSTM) {
    b.cells = FN(cells_of)(p, saved);
    FN(pad)(p, dc_n, s->batch, b.dc);
    if (s->c0) {
      T *c0 = FN(take)(&scratch, s->batch * p->padded);
      FN(pad)(p, s->c0, s->batch, c0);
      b.c0 = c0;
    }
  }
  const bool up = s->reverse;
  const FN(span) all = {0, s->steps, 0, p->rows};
  if (s->checkpointing) {
    b.gates = FN(take)(&scratch, FN(rows_together)(p) * p->gates_row);
    again.states = out, again.states_row = out_row;
    again.out = FN(take)(&scratch, FN(rows_together)(p) * p->padded), again.out_row = p->padded;
    again.new_cells = FN(take)(&scratch, FN(rows_together)(p) * p->padded);
    again.gates = b.gates;
    again.cells = b.cells, again.c0 = b.c0;
  }
  // One thread does everything with a few steps while they are in the cache; several do each thing
  // with as many as there are, so that they seldom wait for one another.
  const FN(grid) grid =
      FN(grid_of)(p, s->checkpointing ? FN(rows_together)(p) : p->rows, ck_threads());
  const bool shared = grid.rows * grid.units > 1;
  // Very few rows take another way forward together than one after the other.
  const bool at_once = s->checkpointing ? p->rows <= 4 : shared || p->rows <= FN(rows_at_once);
  FN(piece) pieces[CK_MOST_THREADS];
  b.pieces = pieces;
  // As many as threads will do what there is at once: each of them packs all of its rows.
  b.pieces_count = FN(threads_for)(FN(work)(p, at_once ? p->rows : FN(rows_together)(p)));
  for (int i = 0; i < b.pieces_count; i++) {
    FN(piece) *piece = &pieces[i];
    *piece = (FN(piece)){0};
    ck_share(p->slots * H, WIDTH, i, b.pieces_count, &piece->first, &piece->n);
    ck_share(n, LANES, i, b.pieces_count, &piece->sparse_first, &piece->sparse_n);
  }
  if (at_once) {
    b.now = all, b.ends = true;
    FN(run_backward)(&b, s->checkpointing ? &again : NULL, grid);
  } else {
    b.now = FN(edge)(all, up);
    while ((b.now = FN(next_steps)(p, b.now, up)).rows > 0) {
      b.ends = up ? b.now.end == s->steps : b.now.first == 0;
      FN(run_backward)(&b, s->checkpointing ? &again : NULL, grid);
    }
  }
  // A single step from zeros has no part in W_hh.
  if (to->w_hh && !s->h0 && p->rows == FN(rows_at)(s, 0))
    memset(to->w_hh, 0, (size_t)(p->recurrent.slots * H * H) * sizeof(T));
}
