// A sequence forward; see recurrent_template.h.

typedef struct {
  FN(plan) p;
  FN(span) now;       // the steps that are worked on
  FN(grid) grid;      // how they are shared
  const T *x;
  const T *states;    // h of all rows, `states_row` apart, …
  long states_row;
  T *out;             // … and where it is written, from row `out_from` on; the same but for …
  long out_row, out_from;  // … steps that are computed again
  T *h_n, *c_n;
  T *gates;           // from row `gates_from` on
  long gates_from;
  T *cells;           // LSTM: likewise …
  T *running;         // … or the batch's present cells, where nothing is kept
  T *new_cells;       // room for those of steps that are computed again
  const T *c0, *bias;
  const T *w_ih, *w_hh;  // packed; null: too few rows for it
  bool step_by_step;  // whether x is projected at each step, or beforehand for all steps
} FN(forward_job);

// What each slot begins with: the biases of both sides, m's being h's alone and n's x's alone.
static void FN(join_biases)(const FN(plan) *p, T *bias) {
  const ck_sequence *s = p->s;
  memset(bias, 0, (size_t)p->gates_row * sizeof(T));
  for (long slot = 0; slot < p->input.slots; slot++) {
    T *restrict x = bias + (slot + p->input_slot) * s->hidden;
    const T *b_ih = s->b_ih ? (const T *)s->b_ih + p->input.first[slot] : NULL;
    for (long u = 0; b_ih && u < s->hidden; u++) x[u] += b_ih[u];
    T *restrict h = bias + slot * s->hidden;
    const T *b_hh = s->b_hh ? (const T *)s->b_hh + p->recurrent.first[slot] : NULL;
    for (long u = 0; b_hh && u < s->hidden; u++) h[u] += b_hh[u];
  }
}

typedef struct {
  const FN(forward_job) *f;
  const FN(product) *p;
  const T *w;
  const FN(blocks) *blocks;
  bool turned;                 // whether W passes from its end to its beginning
} FN(few_rows);

static void FN(few_rows_part)(void *context, int part, int parts) {
  const FN(few_rows) *few = context;
  const FN(product) *p = few->p;
  const FN(blocks) *blocks = few->blocks;
  const long grain = 32, pieces = (blocks->size + grain - 1) / grain, all = pieces * blocks->slots;
  const long begin = all * part / parts, end = all * (part + 1) / parts;
  for (long i = begin; i < end; i++) {
    const long piece = few->turned ? end - 1 - (i - begin) : i, slot = piece / pieces;
    const long unit = piece % pieces * grain;
    const long units = blocks->size - unit < grain ? blocks->size - unit : grain;
    FN(gemm)(false, true, p->rows, units, p->count, p->a, p->a_row,
             few->w + (blocks->first[slot] + unit) * p->count, p->count, true,
             p->c + slot * blocks->size + unit, p->c_row);
  }
}

// gates += W x without a packed W: for so few rows, packing would take longer than the product.
//
// Text is generated a character at a time: each time the same W passes through the processor, and
// a W as large as the cache would push its own beginning out of it. So every other time it passes
// from its end to its beginning, which is then still there.
static void FN(multiply_few)(const FN(forward_job) *f, const FN(product) *p, const T *w,
                             const FN(blocks) *blocks) {
  static _Thread_local bool turned;
  turned = !turned;
  if (p->init_row == 0)
    for (long i = 0; i < p->rows; i++)
      memcpy(p->c + i * p->c_row, p->init, (size_t)p->columns * sizeof(T));
  FN(few_rows) few = {f, p, w, blocks, turned};
  const double work = (double)p->rows * (double)(blocks->slots * blocks->size * p->count);
  ck_parallel(ck_threads_for(work / 8), FN(few_rows_part), &few);  // as fast as W can be read
}

// The same from W_ih as it lies in memory.
static void FN(add_columns)(const FN(forward_job) *f, const T *values, const long *columns,
                            long terms, const T *init, T *out) {
  const FN(plan) *p = &f->p;
  const long I = p->s->input;
  if (init != out) memcpy(out, init, (size_t)(p->input.slots * p->s->hidden) * sizeof(T));
  for (long slot = 0; slot < p->input.slots; slot++, out += p->s->hidden) {
    const T *w = (const T *)p->s->w_ih + p->input.first[slot] * I;
    for (long i = 0; i < terms; i++)
      for (long u = 0; u < p->s->hidden; u++) out[u] += values[i] * w[u * I + columns[i]];
  }
}

// gates = bias + Σ x_k · (column k of W_ih) over the few x_k that are not zero
static void FN(project_sparse)(const FN(forward_job) *f, const FN(product) *p) {
  const long width = WIDTH;
  T values[FN(terms_at_once)];
  long offsets[FN(terms_at_once)];
  for (long i = 0; i < p->rows; i++) {
    const T *x = p->a + i * p->a_row, *init = p->init;
    T *out = p->c + i * p->c_row;
    for (long from = 0; from < p->count; init = out) {
      long terms = FN(terms)(x, p->count, &from, f->w_ih ? width : 1, values, offsets);
      if (!f->w_ih) {
        FN(add_columns)(f, values, offsets, terms, init, out);
        continue;
      }
      FN(combine)(init, f->w_ih, p->count * width, offsets, values, terms, p->columns, out);
    }
  }
}

// gates = bias + W_ih x for `count` rows
static void FN(project)(const FN(forward_job) *f, const T *x, long count, T *gates) {
  const FN(plan) *p = &f->p;
  const long first = p->input_slot * p->s->hidden;
  for (long i = 0; i < count && first > 0; i++)
    memcpy(gates + i * p->gates_row, f->bias, (size_t)first * sizeof(T));
  FN(product) product = {
      .rows = count, .columns = FN(whole)(p->input.slots * p->s->hidden),
      .a = x, .a_row = p->s->input, .a_k = 1, .count = p->s->input,
      .init = f->bias + first, .init_row = 0, .c = gates + first, .c_row = p->gates_row};
  if (p->sparse) FN(project_sparse)(f, &product);
  else if (f->w_ih) FN(multiply_packed)(&product, f->w_ih);
  else FN(multiply_few)(f, &product, p->s->w_ih, &p->input);
}

// One run of rows: gates += W_hh h, then the cell's arithmetic.
static void FN(step_forward)(const FN(forward_job) *f, const FN(run) *run, T *gates, T *out,
                             T *cells) {
  const FN(plan) *p = &f->p;
  if (run->h) {
    FN(product) product = {
        .rows = run->count, .columns = FN(whole)(p->recurrent.slots * p->s->hidden),
        .a = run->h, .a_row = run->h_row, .a_k = 1, .count = p->s->hidden,
        .init = gates, .init_row = p->gates_row, .c = gates, .c_row = p->gates_row};
    if (f->w_hh) FN(multiply_packed)(&product, f->w_hh);
    else FN(multiply_few)(f, &product, p->s->w_hh, &p->recurrent);
  }
  FN(step) step = {.rows = run->count, .hidden = p->s->hidden, .slot = p->s->hidden,
                   .padded = p->padded, .gates = gates, .gates_row = p->gates_row, .h = out, .h_row = f->out_row, .h_prev = run->h,
                   .h_prev_row = run->h_row, .c_prev = run->c, .c = cells};
  FN(cell_forward)[p->s->cell](&step);
}

static T *FN(gates_at)(const FN(forward_job) *f, long row) {
  return f->gates + (row - f->gates_from) * f->p.gates_row;
}

static void FN(project_part)(void *context, int part, int parts) {
  const FN(forward_job) *f = context;
  long first, count;
  ck_share(f->now.rows, ROWS, part, parts, &first, &count);
  first += f->now.row;
  FN(project)(f, f->x + first * f->p.s->input, count, FN(gates_at)(f, first));
}

// The last states of the sequences from `first` to `end` that end at step t, whose rows begin at
// `offset`.
static void FN(put_last)(const FN(forward_job) *f, long t, long offset, long first, long end) {
  const ck_sequence *s = f->p.s;
  const long H = s->hidden, P = f->p.padded, here = FN(rows_at)(s, t);
  const long going = s->reverse ? (t == 0 ? 0 : here) : FN(rows_at)(s, t + 1);
  for (long row = first > going ? first : going; row < end; row++) {
    if (f->h_n)
      memcpy(f->h_n + row * H, f->out + (offset + row) * f->out_row, (size_t)H * sizeof(T));
    const T *c = f->running ? f->running + row * P
               : f->cells ? f->cells + (offset + row) * P : NULL;
    if (f->c_n && c) memcpy(f->c_n + row * H, c, (size_t)H * sizeof(T));
  }
}

// The sequences of one part, from the first of the present steps to the last.
static void FN(forward_part)(void *context, int part, int parts) {
  const FN(forward_job) *f = context;
  const FN(plan) *p = &f->p;
  const ck_sequence *s = p->s;
  const FN(span) now = f->now;
  long first, end;
  FN(sequences_of)(p, part, parts, &first, &end);
  long offset = s->reverse ? now.row + now.rows : now.row;
  for (long i = 0; i < now.end - now.first; i++) {
    const long t = s->reverse ? now.end - 1 - i : now.first + i, here = FN(rows_at)(s, t);
    const long last = end < here ? end : here;
    if (s->reverse) offset -= here;
    if (f->step_by_step && first < last)
      FN(project)(f, f->x + (offset + first) * s->input, last - first,
                  FN(gates_at)(f, offset + first));
    FN(run) runs[2];
    int n = FN(runs)(p, t, offset, first, last, f->states, f->states_row, f->cells, f->c0, runs);
    for (int r = 0; r < n; r++) {
      const long row = offset + runs[r].first;
      T *cells = f->cells ? f->cells + row * p->padded : NULL;
      if (f->running) runs[r].c = cells = f->running + runs[r].first * p->padded;
      FN(step_forward)(f, &runs[r], FN(gates_at)(f, row),
                       f->out + (row - f->out_from) * f->out_row, cells);
    }
    if (f->h_n || f->c_n) FN(put_last)(f, t, offset, first, last);
    if (!s->reverse) offset += here;
  }
}

// The same of some units only, from the panels that are theirs.
static void FN(units_forward)(const FN(forward_job) *f, const FN(run) *run, long unit, long units,
                              T *gates, T *out, T *cells) {
  const FN(plan) *p = &f->p;
  const long H = p->s->hidden;
  for (long slot = 0; run->h && slot < p->recurrent.slots; slot++) {
    T *c = gates + slot * H + unit;
    const FN(product) product = {
        .rows = run->count, .columns = units, .a = run->h, .a_row = run->h_row, .a_k = 1,
        .count = H, .init = c, .init_row = p->gates_row, .c = c, .c_row = p->gates_row};
    FN(multiply_packed)(&product, f->w_hh + (slot * H + unit) * H);
  }
  const FN(step) step = {
      .rows = run->count, .hidden = units, .slot = H, .padded = p->padded, .gates = gates + unit,
      .gates_row = p->gates_row, .h = out + unit, .h_row = f->out_row,
      .h_prev = run->h ? run->h + unit : NULL, .h_prev_row = run->h_row,
      .c_prev = run->c ? run->c + unit : NULL, .c = cells ? cells + unit : NULL};
  FN(cell_forward)[p->s->cell](&step);
}

// One step of one part of the grid.
static void FN(forward_member)(void *context, int group, int member, long i) {
  const FN(forward_job) *f = context;
  const FN(plan) *p = &f->p;
  const ck_sequence *s = p->s;
  const FN(span) now = f->now;
  const long t = s->reverse ? now.end - 1 - i : now.first + i, here = FN(rows_at)(s, t);
  const long offset = FN(offset_of)(p, now, t);
  long first, end;
  FN(sequences_of)(p, group, f->grid.rows, &first, &end);
  const long units = s->hidden / f->grid.units, last = end < here ? end : here;
  FN(run) runs[2];
  const int n = FN(runs)(p, t, offset, first, last, f->states, f->states_row, f->cells, f->c0, runs);
  for (int r = 0; r < n; r++) {
    const long row = offset + runs[r].first;
    T *cells = f->cells ? f->cells + row * p->padded : NULL;
    if (f->running) runs[r].c = cells = f->running + runs[r].first * p->padded;
    FN(units_forward)(f, &runs[r], member * units, units, FN(gates_at)(f, row),
                      f->out + (row - f->out_from) * f->out_row, cells);
  }
}

// Both weights, packed by several threads.
typedef struct {
  const FN(plan) *p;
  T *w_ih, *w_hh;  // null: not wanted
} FN(packing);

static void FN(pack_forward_part)(void *context, int part, int parts) {
  const FN(packing) *to = context;
  const FN(plan) *p = to->p;
  const ck_sequence *s = p->s;
  FN(pack_some_rows)(s->w_ih, s->input, &p->input, s->input, to->w_ih, part, parts);
  FN(pack_some_rows)(s->w_hh, s->hidden, &p->recurrent, s->hidden, to->w_hh, part, parts);
}

// How many threads pack the weights. A number is moved about as fast as four are multiplied.
static int FN(packing_threads)(const FN(plan) *p) {
  return FN(threads_for)(4 * FN(work)(p, 1));
}

// Where the weights stand in room that begins at `packed`, one after the other.
static FN(packing) FN(packing_in)(const FN(plan) *p, T *packed) {
  const long n = p->input.slots * p->s->hidden;
  FN(packing) to = {p, FN(take)(&packed, FN(panels_size)(p->s->input, n)), NULL};
  to.w_hh = packed;
  return to;
}

static size_t FN(sequence_packed_bytes)(const ck_sequence *s) {
  FN(plan) p = FN(plan_of)(s);
  const long n = p.input.slots * s->hidden;
  return (size_t)(FN(panels_size)(s->input, n) + FN(panels_size)(s->hidden, n)) * sizeof(T) + 128;
}

static void FN(sequence_pack)(const ck_sequence *s, void *packed) {
  FN(plan) p = FN(plan_of)(s);
  FN(packing) to = FN(packing_in)(&p, packed);
  ck_parallel(FN(packing_threads)(&p), FN(pack_forward_part), &to);
}

// What every step needs, and the room for it; the steps' own places are still to be set.
static FN(forward_job) FN(forward_of)(const ck_sequence *s, const T *x, T **scratch) {
  FN(forward_job) f = {.p = FN(plan_of)(s), .x = x};
  const FN(plan) *p = &f.p;
  T *bias = FN(take)(scratch, p->gates_row);
  FN(join_biases)(p, bias);
  f.bias = bias;
  f.p.sparse = FN(mostly_zeros)(p->rows, s->input, x);
  if (p->rows > 4) {
    T *room = s->packed ? (T *)s->packed
                        : FN(take)(scratch, (long)(FN(sequence_packed_bytes)(s) / sizeof(T)));
    FN(packing) to = FN(packing_in)(p, room);
    if (!s->packed) ck_parallel(FN(packing_threads)(p), FN(pack_forward_part), &to);
    f.w_ih = to.w_ih, f.w_hh = to.w_hh;
  }
  // All rows together read W_ih least often; but a small W_ih stays in the cache anyway, and then
  // what it makes of x is best used while that is in the cache, too.
  f.step_by_step = p->sparse || (s->batch >= 16 && s->input < 64);
  return f;
}

static void FN(run_forward)(FN(forward_job) *f, FN(span) now, FN(grid) grid) {
  f->now = now, f->grid = grid;
  const int parts = grid.rows * grid.units;
  const bool team = grid.units > 1 && f->w_hh;
  if (team || !f->step_by_step) ck_parallel(parts, FN(project_part), f);
  if (!team) {
    ck_parallel(parts, FN(forward_part), f);
    return;
  }
  ck_team(grid.rows, grid.units, now.end - now.first, FN(forward_member), f);
  for (long t = now.first, offset = now.row; t < now.end; offset += FN(rows_at)(f->p.s, t++))
    FN(put_last)(f, t, offset, 0, FN(rows_at)(f->p.s, t));
}

// Whether the rows of the present steps and of those before them lie in one run: as many sequences at
// every step, and none that begins.
static bool FN(is_one_run)(const FN(forward_job) *f) {
  const ck_sequence *s = f->p.s;
  const FN(span) now = f->now;
  if (!f->w_hh || (s->reverse ? now.end == s->steps : now.first == 0)) return false;
  return FN(rows_at)(s, s->reverse ? now.first : now.first - 1) ==
         FN(rows_at)(s, s->reverse ? now.end : now.end - 1);
}

// The gates of some of the present rows once more. All states are known, so no row waits for another.
static void FN(again_part)(void *context, int part, int parts) {
  const FN(forward_job) *f = context;
  const FN(plan) *p = &f->p;
  long first, count;
  ck_share(f->now.rows, ROWS, part, parts, &first, &count);
  if (count == 0) return;
  first += f->now.row;
  const long step = FN(rows_at)(p->s, f->now.first), before = first + (p->s->reverse ? step : -step);
  T *gates = FN(gates_at)(f, first);
  FN(project)(f, f->x + first * p->s->input, count, gates);
  const FN(run) run = {first, count, f->states + before * f->states_row, f->states_row,
                       f->cells ? f->cells + before * p->padded : NULL, false};
  FN(step_forward)(f, &run, gates, f->out + (first - f->out_from) * f->out_row,
                   f->new_cells + (first - f->out_from) * p->padded);
}

static void FN(run_again)(FN(forward_job) *f, FN(span) now, FN(grid) grid) {
  f->now = now;
  if (FN(is_one_run)(f))
    ck_parallel(FN(threads_for)(FN(work)(&f->p, now.rows)), FN(again_part), f);
  else
    FN(run_forward)(f, now, grid);
}

static void FN(sequence_forward)(const ck_sequence *s, const void *x, void *out, long out_row,
                                 void *h_n, void *c_n, void *saved_rows, void *room) {
  T *saved = saved_rows, *scratch = room;
  FN(forward_job) f = FN(forward_of)(s, x, &scratch);
  const FN(plan) *p = &f.p;
  f.states = f.out = out, f.states_row = f.out_row = out_row;
  f.h_n = h_n, f.c_n = c_n;
  if (s->cell == CK_LSTM) {
    T *c0 = FN(take)(&scratch, s->batch * p->padded);
    if (s->c0 || !saved) FN(pad)(p, s->c0, s->batch, c0);
    if (saved) f.cells = FN(cells_of)(p, saved), f.c0 = s->c0 ? c0 : NULL;
    else f.running = c0;
  }
  const FN(span) all = {0, s->steps, 0, p->rows};
  const bool keeps = saved && !s->checkpointing, up = !s->reverse;
  f.gates = keeps ? saved : scratch;
  // Threads that wait for one another do so as seldom as the memory allows.
  const FN(grid) grid =
      FN(grid_of)(p, keeps ? p->rows : FN(rows_together)(p), ck_threads());
  if (p->rows <= FN(rows_at_once) || (keeps && grid.rows * grid.units > 1)) {
    FN(run_forward)(&f, all, grid);
    return;
  }
  for (FN(span) now = FN(edge)(all, up); (now = FN(next_steps)(p, now, up)).rows > 0;) {
    if (!keeps) f.gates_from = now.row;
    FN(run_forward)(&f, now, grid);
  }
}
