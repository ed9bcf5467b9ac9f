// Packing and the loops around the tiles. B lies packed in panels of two vectors' width: panel after panel, in
// each k after k, so that a tile reads it as one stream.

typedef struct {  // which rows of a weight make which columns (or which k) of a packed operand
  long slots;     // blocks …
  long size;      // … of so many rows of the source
  long first[4];  // the source row where each block begins
} FN(blocks);

static long FN(panels_size)(long k, long n) {
  const long width = WIDTH;
  return (n + width - 1) / width * width * k;
}

typedef T FN(four) __attribute__((vector_size(4 * sizeof(T)), aligned(sizeof(T)), may_alias));
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

// Four numbers from each of four rows, turned: out[k·width + j] = rows[j][k].
INLINE void FN(turn)(const T *const rows[4], long k,
                     long width, T *out) {
  const FN(four) a = *(const FN(four) *)(rows[0] + k), b = *(const FN(four) *)(rows[1] + k);
  const FN(four) c = *(const FN(four) *)(rows[2] + k), d = *(const FN(four) *)(rows[3] + k);
  const FN(four) ab = SHUFFLE(a, b, 0, 4, 1, 5), ab2 = SHUFFLE(a, b, 2, 6, 3, 7);
  const FN(four) cd = SHUFFLE(c, d, 0, 4, 1, 5), cd2 = SHUFFLE(c, d, 2, 6, 3, 7);
  *(FN(four) *)out = SHUFFLE(ab, cd, 0, 1, 4, 5);
  *(FN(four) *)(out + width) = SHUFFLE(ab, cd, 2, 3, 6, 7);
  *(FN(four) *)(out + 2 * width) = SHUFFLE(ab2, cd2, 0, 1, 4, 5);
  *(FN(four) *)(out + 3 * width) = SHUFFLE(ab2, cd2, 2, 3, 6, 7);
}

// B[k][j] = w[row(j)][k]: rows of w become columns. Part `part` of the panels.
static void FN(pack_some_rows)(const T *w, long w_row, const FN(blocks) *blocks, long k, T *out,
                               int part, int parts) {
  const long width = WIDTH, n = blocks->slots * blocks->size;
  long first, count;
  ck_share(n, width, part, parts, &first, &count);
  out += first * k;
  for (long j0 = first; j0 < first + count; j0 += width, out += k * width) {
    const T *source[WIDTH];
    for (long j = 0; j < width; j++) {
      const long slot = (j0 + j) / blocks->size, at = (j0 + j) % blocks->size;
      source[j] = slot < blocks->slots ? w + (blocks->first[slot] + at) * w_row : NULL;
    }
    // a few k at a time: the lines written stay in the cache until they are full
    for (long k0 = 0; k0 < k; k0 += 16) {
      const long k1 = k0 + 16 < k ? k0 + 16 : k;
      for (long j = 0; j < width; j += 4) {
        long i = k0;
        if (source[j] && source[j + 1] && source[j + 2] && source[j + 3])
          for (; i + 4 <= k1; i += 4) FN(turn)(source + j, i, width, out + i * width + j);
        for (; i < k1; i++)
          for (long l = j; l < j + 4; l++) out[i * width + l] = source[l] ? source[l][i] : 0;
      }
    }
  }
}

static void FN(pack_rows)(const T *w, long w_row, const FN(blocks) *blocks, long k, T *out) {
  FN(pack_some_rows)(w, w_row, blocks, k, out, 0, 1);
}

// B[k][j] = w[row(k)][j] for j < n: rows stay rows. Part `part` of the panels.
static void FN(pack_some_columns)(const T *w, long w_row, const FN(blocks) *blocks, long n, T *out,
                                  int part, int parts) {
  const long width = WIDTH;
  long first, count;
  ck_share(n, width, part, parts, &first, &count);
  out += first * blocks->slots * blocks->size;
  for (long j0 = first; j0 < first + count; j0 += width) {
    const long real = n - j0 < width ? n - j0 : width;
    for (long slot = 0; slot < blocks->slots; slot++) {
      const T *source = w + blocks->first[slot] * w_row + j0;
      for (long k = 0; k < blocks->size; k++, source += w_row, out += width) {
        memcpy(out, source, (size_t)real * sizeof(T));
        if (real < width) memset(out + real, 0, (size_t)(width - real) * sizeof(T));
      }
    }
  }
}

static void FN(pack_columns)(const T *w, long w_row, const FN(blocks) *blocks, long n, T *out) {
  FN(pack_some_columns)(w, w_row, blocks, n, out, 0, 1);
}

typedef struct {  // the left operand and where the result goes
  long rows, columns;
  const T *a;
  long a_row, a_k;          // A[i][k] = a[i·a_row + k·a_k]
  long count;               // of k
  const T *init;            // what the sums begin with; null: zeros
  long init_row;            // 0: the same row for all
  T *c;
  long c_row;
} FN(product);

// So few numbers that a call of memcpy would take longer.
INLINE void FN(move_few)(T *restrict to, const T *restrict from, long count) {
  long j = 0;
  for (; j + 4 <= count; j += 4) *(FN(four) *)(to + j) = *(const FN(four) *)(from + j);
  for (; j < count; j++) to[j] = from[j];
}

// One panel's columns of the product, at most two vectors wide; b[k·b_k + j].
static void FN(panel)(const FN(product) *p, long column, const T *b, long b_k) {
  const long left = p->columns - column, lanes = LANES;
  const int vectors = left > lanes ? 2 : 1;
  const bool whole = left >= vectors * lanes;
  // The rows are shared out evenly: 32 are three tiles of 11, 11 and 10, not 12, 12 and 8.
  const long tiles = (p->rows + ROWS - 1) / ROWS;
  for (long tile = 0, i = 0; tile < tiles; tile++) {
    const long rows = (p->rows - i + tiles - tile - 1) / (tiles - tile);
    const T *init = p->init ? p->init + i * p->init_row + column : NULL;
    T *c = p->c + i * p->c_row + column;
    if (whole) {
      FN(tile)[rows - 1][vectors - 1](p->a + i * p->a_row, p->a_row, p->a_k, p->count, b, b_k,
                                      init, p->init_row, c, p->c_row);
    } else {  // the last columns, by way of a tile that has room for all lanes
      T room[ROWS * WIDTH];
      if (init) memset(room, 0, (size_t)(rows * WIDTH) * sizeof(T));
      for (long r = 0; init && r < rows; r++)
        FN(move_few)(room + r * WIDTH, init + r * p->init_row, left);
      FN(tile)[rows - 1][vectors - 1](p->a + i * p->a_row, p->a_row, p->a_k, p->count, b, b_k,
                                      init ? room : NULL, WIDTH, room, WIDTH);
      for (long r = 0; r < rows; r++)
        FN(move_few)(c + r * p->c_row, room + r * WIDTH, left);
    }
    i += rows;
  }
}

// The whole product with a packed B. Rows go in groups that stay in the second-level cache while
// the panels pass by.
static void FN(multiply_packed)(const FN(product) *whole, const T *b) {
  const long width = WIDTH, k = whole->count;
  FN(product) p = *whole;
  for (long i = 0; i < whole->rows; i += 96) {
    p.rows = whole->rows - i < 96 ? whole->rows - i : 96;
    p.a = whole->a + i * whole->a_row;
    p.c = whole->c + i * whole->c_row;
    p.init = whole->init ? whole->init + i * whole->init_row : NULL;
    for (long j = 0; j < whole->columns; j += width) FN(panel)(&p, j, b + j * k, width);
  }
}
