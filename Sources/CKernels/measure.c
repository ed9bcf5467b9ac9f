#include "measure.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cpu.h"
#include "kernels.h"
#include "threads.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// The widest tile over operands that fit the first-level cache is nothing but multiply-adds.
double ck_time_multiply_adds(long steps, double *operations) {
  const ck_kernels_f32_t *ks = ck_kernels_f32();
  enum { count = 64 };
  static const float a[CK_MAX_ROWS * count], b[CK_MAX_WIDTH * count];
  float c[CK_MAX_ROWS * CK_MAX_WIDTH];
  const int rows = ks->rows < 8 ? ks->rows : 8, width = 2 * ks->lanes;
  *operations = 2.0 * rows * width * count * (double)steps;
  const double begin = now();
  for (long i = 0; i < steps; i++)
    ks->tile[rows - 1][1](a, 1, rows, count, b, width, NULL, 0, c, width);
  return now() - begin;
}

double ck_time_reading(long numbers, long times) {
  const ck_kernels_f32_t *ks = ck_kernels_f32();
  enum { row = 256, rows_at_once = 32 };
  const long blocks = numbers / (row * rows_at_once);
  float *w = malloc((size_t)numbers * sizeof *w), x[row] = {0}, y[rows_at_once] = {0};
  if (!w) return 0;
  memset(w, 1, (size_t)numbers * sizeof *w);  // pages that were never written are all the same one
  const double begin = now();
  for (long i = 0; i < times; i++)
    for (long j = 0; j < blocks; j++)
      ks->dots(x, w + (i % 2 ? blocks - 1 - j : j) * row * rows_at_once, row, row, rows_at_once, y);
  const double seconds = now() - begin;
  free(w);
  return seconds / (double)times;
}

typedef struct {
  long n;
  const float *a, *b;
  float *out;
} Streams;

// Plain loops (McCalpin's "scale" and "add"); the arithmetic keeps the compiler from calling memcpy,
// which may go past the caches.
static void stream(void *context, int part, int parts) {
  const Streams *s = context;
  long first, n;
  ck_share(s->n, 1024, part, parts, &first, &n);
  const float *restrict a = s->a + first, *restrict b = s->b ? s->b + first : NULL;
  float *restrict out = s->out + first;
  if (b) for (long i = 0; i < n; i++) out[i] = a[i] + b[i];
  else for (long i = 0; i < n; i++) out[i] = 3 * a[i];
}

double ck_time_streaming(long bytes, const void *a, const void *b, void *out) {
  Streams streams = {bytes / (long)sizeof(float), a, b, out};
  const double begin = now();
  ck_parallel(ck_threads(), stream, &streams);
  return now() - begin;
}
