// The one dispatcher: from the processor, UNROLL_ISA and a thread's limit to a table of kernels.
#include "cpu.h"

#include <stdlib.h>
#include <string.h>

#include "dispatch/kernels.h"

static const char *const isa_names[] = {
    [CK_PLAIN] = "plain", [CK_BASE] = "base", [CK_AVX2] = "avx2", [CK_AVX512] = "avx512"};

static ck_isa chosen = CK_BASE;
bool ck_all_plain;
static _Thread_local ck_isa at_most = CK_AVX512;
_Thread_local bool ck_own_plain;

static ck_isa best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return CK_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return CK_AVX2;
#endif
  return CK_BASE;
}

__attribute__((constructor)) static void choose(void) {
  chosen = best();
  const char *wish = getenv("UNROLL_ISA");
  for (ck_isa isa = CK_PLAIN; wish && isa < chosen; isa++)
    if (strcmp(wish, isa_names[isa]) == 0) chosen = isa;
  ck_all_plain = chosen == CK_PLAIN;
}

ck_isa ck_isa_in_use(void) { return chosen < at_most ? chosen : at_most; }

void ck_limit_isa(ck_isa limit) {
  at_most = limit;
  ck_own_plain = limit == CK_PLAIN;
}

const char *ck_isa_name(void) { return isa_names[ck_isa_in_use()]; }

static const ck_kernels *const tables[][2] = {
    [CK_PLAIN] = {[CK_F32] = &ck_base_f32, [CK_F64] = &ck_base_f64},
    [CK_BASE] = {[CK_F32] = &ck_base_f32, [CK_F64] = &ck_base_f64},
#if defined(__x86_64__)
    [CK_AVX2] = {[CK_F32] = &ck_avx2_f32, [CK_F64] = &ck_avx2_f64},
    [CK_AVX512] = {[CK_F32] = &ck_avx512_f32, [CK_F64] = &ck_avx512_f64},
#endif
};

const ck_kernels *ck_table(ck_dtype dtype) { return tables[ck_isa_in_use()][dtype]; }

#define NAME_OF(number, name) #name,
#define NAME_OF_KERNEL(result, name, parameters) #name,
static const char *const kernel_names[] = {CK_BINARY_OPS(NAME_OF) CK_UNARY_OPS(NAME_OF)
                                               CK_REDUCTIONS(NAME_OF) CK_CELLS(NAME_OF)
                                                   CK_KERNELS(NAME_OF_KERNEL) NULL};

const char *ck_kernel_name(int number) {
  const int count = sizeof kernel_names / sizeof *kernel_names - 1;
  return number < count ? kernel_names[number] : NULL;
}
