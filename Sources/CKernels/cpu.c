#include "cpu.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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
