// Which instruction set the kernels use, and how many threads.
#pragma once
#include <stdbool.h>

typedef enum { CK_BASE, CK_AVX2, CK_AVX512 } ck_isa;

/// The instruction set in use: the best that the processor has, or what the environment variable
/// `UNROLL_ISA` (`base`, `avx2`, `avx512`) or `ck_limit_isa` allows.
ck_isa ck_isa_in_use(void);

/// What this thread begins from now on uses no more than `limit`; for tests and measurements. Other
/// threads may be in the middle of something.
void ck_limit_isa(ck_isa limit);

/// `base`, `avx2` or `avx512`.
const char *ck_isa_name(void);

/// OpenBLAS's core type (`SkylakeX`, `Haswell`, …), or `none` where another BLAS is linked.
const char *ck_blas_core(void);

/// Threads that long computations may use, the caller's among them; 1 until told otherwise.
/// The results have the same bits with any number.
void ck_set_threads(int count);
int ck_threads(void);
