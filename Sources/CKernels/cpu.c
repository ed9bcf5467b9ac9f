#include "cpu.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernels.h"

static atomic_int chosen = -1;  // not looked up yet
static _Thread_local ck_isa at_most = CK_AVX512;

static ck_isa best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return CK_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return CK_AVX2;
#endif
  return CK_BASE;
}

static const char *const names[] = {"base", "avx2", "avx512"};

static ck_isa choose(void) {
  int isa = (int)best();
  const char *wish = getenv("UNROLL_ISA");
  for (int i = 0; wish && i < isa; i++)
    if (strcmp(wish, names[i]) == 0) isa = i;
  atomic_store(&chosen, isa);
  return (ck_isa)isa;
}

ck_isa ck_isa_in_use(void) {
  int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (isa < 0) isa = (int)choose();
  return (ck_isa)isa < at_most ? (ck_isa)isa : at_most;
}

void ck_limit_isa(ck_isa limit) { at_most = limit; }

const char *ck_isa_name(void) { return names[ck_isa_in_use()]; }

// Debian lets the user put another BLAS in OpenBLAS's place, which has not these two.
extern char *openblas_get_corename(void) __attribute__((weak));
extern void openblas_set_num_threads(int count) __attribute__((weak));

const char *ck_blas_core(void) { return openblas_get_corename ? openblas_get_corename() : "none"; }

// The threads are ours: OpenBLAS's own would fight them for the cores, and hurt small products.
__attribute__((constructor)) static void one_blas_thread(void) {
  if (openblas_set_num_threads) openblas_set_num_threads(1);
}

#if defined(__x86_64__)
#define CHOOSE(S)                                       \
  switch (ck_isa_in_use()) {                            \
    case CK_AVX512: return &ck_avx512_##S;              \
    case CK_AVX2: return &ck_avx2_##S;                  \
    default: return &ck_base_##S;                       \
  }
#else
#define CHOOSE(S) return &ck_base_##S;
#endif

const ck_kernels_f32_t *ck_kernels_f32(void) { CHOOSE(f32) }
const ck_kernels_f64_t *ck_kernels_f64(void) { CHOOSE(f64) }

// The widest tile over operands that fit the first-level cache is nothing but multiply-adds.
double ck_time_multiply_adds(long steps, double *operations) {
  const ck_kernels_f32_t *ks = ck_kernels_f32();
  enum { count = 64 };
  static const float a[CK_MAX_ROWS * count], b[CK_MAX_WIDTH * count];
  float c[CK_MAX_ROWS * CK_MAX_WIDTH];
  const int rows = ks->rows < 8 ? ks->rows : 8, width = 2 * ks->lanes;
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (long i = 0; i < steps; i++)
    ks->tile[rows - 1][1](a, 1, rows, count, b, width, NULL, 0, c, width);
  clock_gettime(CLOCK_MONOTONIC, &end);
  *operations = 2.0 * rows * width * count * (double)steps;
  return (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
}

double ck_time_reading(long numbers, long times) {
  const ck_kernels_f32_t *ks = ck_kernels_f32();
  enum { row = 256, rows_at_once = 32 };
  const long blocks = numbers / (row * rows_at_once);
  float *w = calloc((size_t)numbers, sizeof *w), x[row] = {0}, y[rows_at_once] = {0};
  if (!w) return 0;
  memset(w, 1, (size_t)numbers * sizeof *w);  // zeros would be one page, read again and again
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (long i = 0; i < times; i++)
    for (long j = 0; j < blocks; j++)
      ks->dots(x, w + (i % 2 ? blocks - 1 - j : j) * row * rows_at_once, row, row, rows_at_once, y);
  clock_gettime(CLOCK_MONOTONIC, &end);
  free(w);
  return ((double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec)) /
         (double)times;
}
