// Matrix products.
#pragma once
#include "elementwise.h"

/// C = A·B (+ C where `accumulate`), A [m, k], B [k, n], C [m, n], row-major; a transposed operand
/// is stored as [k, m] or [n, k]. `ld…` is the distance from one stored row to the next.
///
/// Every element is summed in an order that depends on the shapes alone, not on the threads.
void ck_gemm(ck_dtype dtype, int transpose_a, int transpose_b, long m, long n, long k,
             const void *a, long lda, const void *b, long ldb, int accumulate, void *c, long ldc);
