#include "elementwise.h"

#include "dispatch/kernels.h"

// Threads share arrays that are far longer than it takes to wake one.
enum { shared_from = 1 << 17, grain = 1 << 10 };

static bool is_shared(long n) { return n >= shared_from && ck_threads() > 1; }

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
  if (!is_shared(n)) return kernels->binary[op](n, a, sa, b, sb, out);
  Shared all = {kernels, (int)op, n, size_of(dtype), {a, sa}, {b, sb}, .out = out};
  ck_parallel(ck_threads(), binary_part, &all);
}

static void unary_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->unary[s.op](s.n, s.a.at, s.out);
}

void ck_unary(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out) {
  const ck_kernels *kernels = ck_table(dtype);
  if (!is_shared(n)) return kernels->unary[op](n, a, out);
  Shared all = {kernels, (int)op, n, size_of(dtype), {a, 1}, .out = out};
  ck_parallel(ck_threads(), unary_part, &all);
}

static void sloped_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  if (s.op == CK_TANH) s.kernels->tanh_slopes(s.n, s.a.at, s.out, s.slopes);
  else s.kernels->sigmoid_slopes(s.n, s.a.at, s.out, s.slopes);
}

void ck_unary_with_slopes(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out,
                          void *slopes) {
  Shared all = {ck_table(dtype), (int)op, n, size_of(dtype), {a, 1}, .out = out, .slopes = slopes};
  ck_parallel(is_shared(n) ? ck_threads() : 1, sloped_part, &all);
}

static void clamp_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->clamp(s.n, s.low, s.high, s.a.at, s.out);
}

void ck_clamp(ck_dtype dtype, long n, double low, double high, const void *a, void *out) {
  Shared all = {ck_table(dtype), 0, n, size_of(dtype), {a, 1}, .out = out, .low = low, .high = high};
  ck_parallel(is_shared(n) ? ck_threads() : 1, clamp_part, &all);
}

static void where_part(void *context, int part, int parts) {
  const Shared s = part_of(context, part, parts);
  s.kernels->where(s.n, s.mask.at, s.mask.stride, s.a.at, s.a.stride, s.b.at, s.b.stride, s.out);
}

void ck_where(ck_dtype dtype, long n, const void *mask, long sm, const void *a, long sa,
              const void *b, long sb, void *out) {
  Shared all = {ck_table(dtype), 0, n, size_of(dtype), {a, sa}, {b, sb}, {mask, sm}, .out = out};
  ck_parallel(is_shared(n) ? ck_threads() : 1, where_part, &all);
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

void ck_convert(ck_dtype from, ck_dtype to, long n, const void *a, void *out) {
  if (to == CK_F32) ck_table(from)->to_f32(n, a, out);
  else ck_table(from)->to_f64(n, a, out);
}
