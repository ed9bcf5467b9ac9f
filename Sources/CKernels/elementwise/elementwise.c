#include "elementwise.h"

#include <string.h>

#include "dispatch/kernels.h"

enum { grain = 1 << 10 };

/// How many threads share n numbers: each takes some 0.4 ns, more in the slower functions.
static int threads_for(long n) { return ck_threads_for(0.4 * (double)n); }

/// A row of an operand, and how far it is from one number to the next.
typedef struct { const char *at; long stride; } Operand;

/// One operation on long arrays, of which each thread does some part.
typedef struct {
  const ck_kernels *kernels;
  int op;
  long n, size;  // numbers; bytes of each
  Operand a, b, mask;
  char *out, *slopes;
  double low, high;
} Shared;

/// Part `part`: its first number and how many.
static Shared part_of(const void *context, int part, int parts) {
  Shared s = *(const Shared *)context;
  long first;
  ck_share(s.n, grain, part, parts, &first, &s.n);
  s.a.at += first * s.a.stride * s.size;
  if (s.b.at) s.b.at += first * s.b.stride * s.size;
  if (s.mask.at) s.mask.at += first * s.mask.stride * s.size;
  s.out += first * s.size;
  if (s.slopes) s.slopes += first * s.size;
  return s;
}

static long size_of(ck_dtype dtype) { return dtype == CK_F32 ? sizeof(float) : sizeof(double); }

static void binary_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->binary[s.op](s.n, s.a.at, s.a.stride, s.b.at, s.b.stride, s.out);
}

void ck_binary(ck_binary_op op, ck_dtype dtype, long n, const void *a, long sa, const void *b,
               long sb, void *out) {
  const ck_kernels *kernels = ck_table(dtype);
  const int threads = threads_for(n);
  if (threads == 1) return kernels->binary[op](n, a, sa, b, sb, out);
  Shared all = {kernels, (int)op, n, size_of(dtype), {a, sa}, {b, sb}, .out = out};
  ck_parallel(threads, binary_part, &all);
}

static void unary_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->unary[s.op](s.n, s.a.at, s.out);
}

void ck_unary(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out) {
  const ck_kernels *kernels = ck_table(dtype);
  const int threads = threads_for(n);
  if (threads == 1) return kernels->unary[op](n, a, out);
  Shared all = {kernels, (int)op, n, size_of(dtype), {a, 1}, .out = out};
  ck_parallel(threads, unary_part, &all);
}

static void sloped_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  if (s.op == CK_TANH) s.kernels->tanh_slopes(s.n, s.a.at, s.out, s.slopes);
  else s.kernels->sigmoid_slopes(s.n, s.a.at, s.out, s.slopes);
}

void ck_unary_with_slopes(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out,
                          void *slopes) {
  Shared all = {ck_table(dtype), (int)op, n, size_of(dtype), {a, 1}, .out = out, .slopes = slopes};
  ck_parallel(threads_for(n), sloped_part, &all);
}

static void clamp_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->clamp(s.n, s.low, s.high, s.a.at, s.out);
}

void ck_clamp(ck_dtype dtype, long n, double low, double high, const void *a, void *out) {
  Shared all = {ck_table(dtype), 0, n, size_of(dtype), {a, 1}, .out = out, .low = low, .high = high};
  ck_parallel(threads_for(n), clamp_part, &all);
}

static void where_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->where(s.n, s.mask.at, s.mask.stride, s.a.at, s.a.stride, s.b.at, s.b.stride, s.out);
}

void ck_where(ck_dtype dtype, long n, const void *mask, long sm, const void *a, long sa,
              const void *b, long sb, void *out) {
  Shared all = {ck_table(dtype), 0, n, size_of(dtype), {a, sa}, {b, sb}, {mask, sm}, .out = out};
  ck_parallel(threads_for(n), where_part, &all);
}

void ck_axpy(ck_dtype dtype, long n, double scale, const void *x, void *y) {
  ck_table(dtype)->axpy(n, scale, x, y);
}

void ck_scale(ck_dtype dtype, long n, double scale, void *y) {
  ck_table(dtype)->scale(n, scale, y);
}

void ck_fill(ck_dtype dtype, long n, double value, void *out) {
  ck_table(dtype)->fill(n, value, out);
}

void ck_gather_strided(ck_dtype dtype, long n, const void *a, long stride, void *out) {
  ck_table(dtype)->gather_strided(n, a, stride, out);
}

void ck_scatter_strided(ck_dtype dtype, long n, const void *a, void *out, long stride) {
  ck_table(dtype)->scatter_strided(n, a, out, stride);
}

void ck_add_strided(ck_dtype dtype, long n, const void *a, double *sums, long stride) {
  ck_table(dtype)->add_strided(n, a, sums, stride);
}

/// A matrix turned, of which each thread writes some rows.
typedef struct {
  const ck_kernels *kernels;
  long rows, columns, size, a_row, out_row;
  const char *a;
  char *out;
} Turned;

static void transpose_part(void *context, int part, int parts) {
  const Turned *t = context;
  long first, rows;
  ck_share(t->rows, 64, part, parts, &first, &rows);
  const bool is_large = t->rows * t->columns * t->size >= 4l << 20;
  t->kernels->transpose(rows, t->columns, t->a + first * t->size, t->a_row,
                        t->out + first * t->out_row * t->size, t->out_row, is_large);
}

void ck_transpose(ck_dtype dtype, long rows, long columns, const void *a, long a_row, void *out,
                  long out_row) {
  Turned all = {ck_table(dtype), rows, columns, size_of(dtype), a_row, out_row, a, out};
  ck_parallel(ck_threads_for((double)(rows * columns) * 0.5), transpose_part, &all);
}

void ck_copy_rows(ck_dtype dtype, long rows, long n, const void *a, long a_row, void *out) {
  const size_t bytes = (size_t)(n * size_of(dtype)), step = (size_t)(a_row * size_of(dtype));
  const char *from = a;
  char *to = out;
  for (long row = 0; row < rows; row++, from += step, to += bytes) memcpy(to, from, bytes);
}

void ck_convert(ck_dtype from, ck_dtype to, long n, const void *a, void *out) {
  if (to == CK_F32) ck_table(from)->to_f32(n, a, out);
  else ck_table(from)->to_f64(n, a, out);
}
