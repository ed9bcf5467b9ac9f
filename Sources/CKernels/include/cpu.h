// Which instruction set the kernels use.
#pragma once
#include <stdbool.h>

/// CK_PLAIN: no kernels but the equations in Swift, wherever a kernel is only their faster twin.
typedef enum { CK_PLAIN, CK_BASE, CK_AVX2, CK_AVX512 } ck_isa;

/// The instruction set in use on this thread: the best that the processor has, or what the environment
/// variable `UNROLL_ISA` (`plain`, `base`, `avx2`, `avx512`) and `ck_limit_isa` allow. Every kernel
/// goes by it.
ck_isa ck_isa_in_use(void);

/// What this thread begins from now on uses no more than `limit`; for tests and measurements. Other
/// threads may be in the middle of something.
void ck_limit_isa(ck_isa limit);

/// `plain`, `base`, `avx2` or `avx512`.
const char *ck_isa_name(void);

extern bool ck_all_plain;               // UNROLL_ISA=plain
extern _Thread_local bool ck_own_plain;  // ck_limit_isa(CK_PLAIN)
static inline bool ck_is_plain(void) { return ck_own_plain || ck_all_plain; }

/// The names of all kernels, for tests to see that none is without one: NULL from some number on.
const char *ck_kernel_name(int number);
