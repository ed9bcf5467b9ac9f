// What forward and backward of a sequence share.

typedef struct {
  const ck_sequence *s;
  long rows;              // of all steps together
  long padded;            // `hidden` rounded up to whole vectors
  long slots, gates_row;
  long input_slot;        // the first slot that x takes part in
  FN(blocks) recurrent;  // the weights' blocks in the order of the slots
  FN(blocks) input;
  bool sparse;            // x is mostly zeros, as characters in one-hot form are
} FN(plan);

// n rounded up to whole vectors
static long FN(whole)(long n) {
  return (n + LANES - 1) / LANES * LANES;
}

static FN(plan) FN(plan_of)(const ck_sequence *s) {
  FN(plan) p = {.s = s, .slots = 1};
  const long H = s->hidden;
  p.padded = FN(whole)(H);
  for (long t = 0; t < s->steps; t++) p.rows += s->batch_sizes ? s->batch_sizes[t] : s->batch;
  if (s->cell == CK_LSTM || s->cell == CK_GRU) p.slots = 4;
  // A vector more than the slots take: room for a slot's last vector, and rows that do not all
  // begin at the same place of a page (a power of two apart they would share few cache lines).
  p.gates_row = FN(whole)(p.slots * H) + LANES;
  p.recurrent = (FN(blocks)){.slots = p.slots, .size = H};
  if (s->cell == CK_GRU) {
    // Slots m, r, z, n: h takes part in the first three, x in the last three. The weights have
    // r, z, n; m is what n's weights make of h.
    p.recurrent.slots = 3;
    p.input = p.recurrent;
    p.input_slot = 1;
    for (long i = 0; i < 3; i++) p.recurrent.first[i] = (i + 2) % 3 * H, p.input.first[i] = i * H;
  } else {
    for (long i = 0; i < p.slots; i++) p.recurrent.first[i] = i * H;
    p.input = p.recurrent;
  }
  return p;
}

static long FN(rows_at)(const ck_sequence *s, long t) {
  return t < 0 || t >= s->steps ? 0 : s->batch_sizes ? s->batch_sizes[t] : s->batch;
}

// Steps that lie together, in the order of time.
typedef struct {
  long first, end;  // steps
  long row, rows;   // the first step's first row, and how many there are
} FN(span);

// The first row of a step.
static long FN(offset_of)(const FN(plan) *p, FN(span) steps, long t) {
  if (!p->s->batch_sizes) return steps.row + (t - steps.first) * p->s->batch;
  long row = steps.row;
  for (long before = steps.first; before < t; before++) row += p->s->batch_sizes[before];
  return row;
}

// Where a walk through some steps begins, up from the first or down from the last: no step as yet.
static FN(span) FN(edge)(FN(span) steps, bool up) {
  return up ? (FN(span)){steps.first, steps.first, steps.row, 0}
            : (FN(span)){steps.end, steps.end, steps.row + steps.rows, 0};
}

enum { FN(rows_at_once) = 256 };

// The steps that a walk comes to after `done`: as many whole ones as have no more than 256 rows
// together, so that what is made of them is still in the cache when it is used. On the way back the
// step that begins from zeros stands alone: it has no part in ∂W_hh.
static FN(span) FN(next_steps)(const FN(plan) *p, FN(span) done, bool up) {
  const ck_sequence *s = p->s;
  const bool back = up == s->reverse;
  FN(span) g = up ? (FN(span)){done.end, done.end, done.row + done.rows, 0}
                  : (FN(span)){done.first, done.first, done.row, 0};
  const long left = up ? s->steps - g.end : g.first;
  const bool alone = back && !s->h0;
  for (long i = 0; i < left; i++) {
    const long here = FN(rows_at)(s, up ? g.end : g.first - 1);
    if (i > 0 && (g.rows + here > FN(rows_at_once) || (alone && i == left - 1))) return g;
    g.rows += here;
    if (up) g.end++;
    else g.first--, g.row -= here;
  }
  return g;
}

enum { FN(terms_at_once) = 32 };

// The next numbers of x[*from …] that are not zero, and `stride` times their places.
static long FN(terms)(const T *x, long count, long *from, long stride, T *values, long *offsets) {
  long n = 0;
  for (; *from < count && n < FN(terms_at_once); ++*from)
    if (x[*from] != 0) values[n] = x[*from], offsets[n++] = *from * stride;
  return n;
}

// The rows of one step fall in two runs: those that go on from the step before (in the direction
// of the walk), and those that begin here, from the initial state.
typedef struct {
  long first, count;      // rows of the batch
  const T *h; long h_row; // the state before; null: zeros
  const T *c;             // padded; null: zeros
  bool begins;
} FN(run);

static int FN(runs)(const FN(plan) *p, long t, long offset, long first, long end, const T *out,
                    long out_row, const T *cells, const T *c0, FN(run) runs[2]) {
  const ck_sequence *s = p->s;
  const long before = s->reverse ? t + 1 : t - 1;
  const long here = FN(rows_at)(s, t), there = FN(rows_at)(s, before);
  const long place = s->reverse ? offset + here : offset - there;  // the first row of `before`
  const long going = there < here ? there : here;
  int n = 0;
  if (end > here) end = here;
  if (first < going) {
    long last = end < going ? end : going;
    runs[n++] = (FN(run)){first, last - first, out + (place + first) * out_row, out_row,
                          cells ? cells + (place + first) * p->padded : NULL, false};
  }
  if (end > going) {
    long begin = first > going ? first : going;
    const T *h0 = s->h0;
    if (begin < end)
      runs[n++] = (FN(run)){begin, end - begin, h0 ? h0 + begin * s->hidden : NULL, s->hidden,
                            c0 ? c0 + begin * p->padded : NULL, true};
  }
  return n;
}

// Threads share the batch: sequences do not touch each other, so nobody waits at any step. Part
// `part` gets the sequences from *first to *end, which are as many steps as another's.
static void FN(sequences_of)(const FN(plan) *p, int part, int parts, long *first, long *end) {
  const ck_sequence *s = p->s;
  long sum = 0, length = s->steps, bounds[2] = {0, s->batch};
  for (int side = 0, row = 0; side < 2; side++) {
    const int at = part + side;
    if (at == parts) break;
    for (; row < s->batch && sum * parts < p->rows * at; row++) {
      while (s->batch_sizes && length > 0 && s->batch_sizes[length - 1] <= row) length--;
      sum += length;
    }
    bounds[side] = row;
  }
  *first = bounds[0];
  *end = bounds[1];
}

// How many threads work of so many multiply-adds is worth, of which a core does some 40 in a nanosecond.
static int FN(threads_for)(double work) { return ck_threads_for(work / 40); }

// Multiply-adds of `rows` rows in one of the three products: forward, back, and for the weights.
static double FN(work)(const FN(plan) *p, long rows) {
  const ck_sequence *s = p->s;
  return (double)rows * (double)(s->hidden * p->slots) * (double)(s->hidden + s->input);
}

// How the steps are shared where they are many: `rows` groups of sequences, who do not touch each
// other, times `units` groups of hidden units, who wait for one another at every step.
typedef struct { int rows, units; } FN(grid);

// A core that has few sequences spends its time reading the weights: with eight, each number read is
// used eight times. So no more groups of sequences than that; the threads that are left over share the
// units, if each then has so much to do at a step that waiting for the others costs little.
static FN(grid) FN(grid_of)(const FN(plan) *p, long rows, int threads) {
  const ck_sequence *s = p->s;
  const double worth = FN(work)(p, rows) / 40 / ck_share_ns;
  if (threads > worth) threads = worth < 2 ? 1 : (int)worth;
  const long groups = s->batch / 8 > 1 ? s->batch / 8 : 1;
  FN(grid) g = {groups < threads ? (int)groups : threads, 1};
  // (To find a step's rows among very many unequal ones takes longer than the step.)
  const bool cuts = s->hidden % WIDTH == 0 && !(s->batch_sizes && s->steps > 1000);
  const long panels = cuts ? s->hidden / WIDTH : 1;
  const double step = (double)(s->batch * p->slots) * (double)(s->hidden * s->hidden) / g.rows;
  while (g.rows * g.units * 2 <= threads && panels % (g.units * 2) == 0 &&
         step / (g.units * 2) >= 2e5)
    g.units *= 2;
  const long most = s->batch / 4;  // nor does waiting pay where the units cannot be shared
  if (g.units == 1 && most > 1) g.rows = most < threads ? (int)most : threads;
  return g;
}

static ck_schedule FN(sequence_schedule)(const ck_sequence *s, int threads) {
  FN(plan) p = FN(plan_of)(s);
  const FN(grid) g = FN(grid_of)(&p, p.rows, threads);
  return (ck_schedule){
      .directions = 1, .groups = g.rows, .members = g.units, .sequences = (s->batch + g.rows - 1) / g.rows,
      .weights_read = (size_t)(p.recurrent.slots * s->hidden * s->hidden / g.units) * sizeof(T),
      .multiply_adds = (double)(s->batch * p.slots) * (double)(s->hidden * s->hidden) /
                       (g.rows * g.units),
      .waits = g.units > 1 ? 2 * s->steps + 1 : 0};
}

// Rows of `hidden` numbers, padded with zeros; null becomes zeros.
static void FN(pad)(const FN(plan) *p, const T *from, long rows, T *to) {
  const long H = p->s->hidden, P = p->padded;
  if (!from || P != H) memset(to, 0, (size_t)(rows * P) * sizeof(T));
  if (from) for (long i = 0; i < rows; i++)
    memcpy(to + i * P, from + i * H, (size_t)H * sizeof(T));
}

static size_t FN(saved_size)(const FN(plan) *p) {
  const ck_sequence *s = p->s;
  return (size_t)(p->rows * ((s->checkpointing ? 0 : p->gates_row) +
                             (s->cell == CK_LSTM ? p->padded : 0)));
}

// The LSTM's cells among what is kept.
static T *FN(cells_of)(const FN(plan) *p, T *saved) {
  return saved + (p->s->checkpointing ? 0 : p->rows * p->gates_row);
}

// The rows of the most steps that are worked on together.
static long FN(rows_together)(const FN(plan) *p) {
  const long most = p->s->batch > FN(rows_at_once) ? p->s->batch : FN(rows_at_once);
  return p->rows < most ? p->rows : most;
}

// Both passes pack both weights and keep two states a sequence; forward adds the bias. Where the gates
// of all steps are not kept there are those of a few, and on the way back these steps' states. Every
// piece begins at a cache line.
static size_t FN(scratch_size)(const FN(plan) *p) {
  const ck_sequence *s = p->s;
  const long n = p->slots * p->padded;
  long weights = FN(panels_size)(s->hidden, n) + FN(panels_size)(s->input, n);
  long turned = FN(panels_size)(n, s->hidden) + FN(panels_size)(n, s->input);
  return (size_t)((s->checkpointing ? weights + turned : weights > turned ? weights : turned) +
                  3 * s->batch * p->padded + p->gates_row +
                  FN(rows_together)(p) * (p->gates_row + (s->checkpointing ? 2 * p->padded : 0)) +
                  16 * 64);
}

static size_t FN(sequence_saved_bytes)(const ck_sequence *s) {
  FN(plan) p = FN(plan_of)(s);
  return FN(saved_size)(&p) * sizeof(T);
}

static size_t FN(sequence_scratch_bytes)(const ck_sequence *s) {
  FN(plan) p = FN(plan_of)(s);
  return FN(scratch_size)(&p) * sizeof(T);
}

static T *FN(take)(T **scratch, long count) {
  T *piece = *scratch;
  const long line = 64 / (long)sizeof(T);
  *scratch += (count + line - 1) / line * line;
  return piece;
}
