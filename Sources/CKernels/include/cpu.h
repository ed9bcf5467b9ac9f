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

/// Seconds that `steps` dependent rounds of independent multiply-adds take on this thread with the
/// widest vectors in use; `*operations` receives how many floating-point operations that was.
double ck_time_multiply_adds(long steps, double *operations);

/// Seconds that it takes to multiply `numbers` floats, in rows of 256, with others and to do
/// nothing else: the mean of `times` passes, there and back.
double ck_time_reading(long numbers, long times);

/// Seconds in which the threads in use read `bytes` bytes of Floats from `a`, and as many from `b`
/// unless that is NULL, and write as many to `out`, in a plain loop.
double ck_time_streaming(long bytes, const void *a, const void *b, void *out);
