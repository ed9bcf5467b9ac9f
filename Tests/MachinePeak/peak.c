#include "MachinePeak.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernels.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Sixteen running sums in registers: as many as it takes for none to wait for another.
enum { sums_at_once = 16, rounds = 64 };

#define DEFINE_PEAK(NAME, BYTES, TARGET)                                                          \
  TARGET static void NAME(long steps, float *out) {                                               \
    typedef float vec __attribute__((vector_size(BYTES), aligned(4), may_alias));                 \
    vec sums[sums_at_once], factor = {0}, more = {0};                                             \
    __asm__ volatile("" : "+m"(factor), "+m"(more));                                              \
    _Pragma("clang loop unroll(full)") for (int k = 0; k < sums_at_once; k++) sums[k] = more;     \
    for (long i = 0; i < steps * rounds; i++)                                                     \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < sums_at_once; k++)                   \
          sums[k] = sums[k] * factor + more;                                                      \
    _Pragma("clang loop unroll(full)") for (int k = 0; k < sums_at_once; k++)                     \
        memcpy(out + k * (BYTES / 4), &sums[k], BYTES);                                           \
  }

#if defined(__x86_64__)
DEFINE_PEAK(peak_avx512, 64, __attribute__((target("avx512f,fma"))))
DEFINE_PEAK(peak_avx2, 32, __attribute__((target("avx2,fma"))))
#endif
DEFINE_PEAK(peak_base, 16, )

double ck_time_multiply_adds(long steps, double *operations) {
  float out[sums_at_once * 16];
  int bytes = 16;
  void (*run)(long, float *) = peak_base;
#if defined(__x86_64__)
  if (ck_isa_in_use() == CK_AVX2) run = peak_avx2, bytes = 32;
  if (ck_isa_in_use() == CK_AVX512) run = peak_avx512, bytes = 64;
#endif
  *operations = 2.0 * sums_at_once * (bytes / 4) * rounds * (double)steps;
  const double begin = now();
  run(steps, out);
  return now() - begin;
}

double ck_time_reading(long numbers, long times) {
  enum { row = 256, rows_at_once = 32 };
  const long blocks = numbers / (row * rows_at_once);
  float *w = malloc((size_t)numbers * sizeof *w), x[row] = {0}, y[rows_at_once] = {0};
  if (!w) return 0;
  memset(w, 1, (size_t)numbers * sizeof *w);  // pages that were never written are all the same one
  const double begin = now();
  for (long i = 0; i < times; i++)
    for (long j = 0; j < blocks; j++)
      ck_gemm(CK_F32, 0, 1, 1, rows_at_once, row, x, row,
              w + (i % 2 ? blocks - 1 - j : j) * row * rows_at_once, row, 1, y, rows_at_once);
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
