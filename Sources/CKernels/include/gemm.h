// Matrix products.
#pragma once
#include <stddef.h>

#include "elementwise.h"

/// C = A·B (+ C where `accumulate`), A [m, k], B [k, n], C [m, n], row-major; a transposed operand
/// is stored as [k, m] or [n, k]. `ld…` is the distance from one stored row to the next.
///
/// Every element is summed in an order that depends on the shapes alone, not on the threads.
void ck_gemm(ck_dtype dtype, int transpose_a, int transpose_b, long m, long n, long k,
             const void *a, long lda, const void *b, long ldb, int accumulate, void *c, long ldc);

/// A right operand B [k, n] in the order in which a product reads it, for one that is used again and
/// again: how many bytes that is, and B brought into it (transposed: B is stored as [n, k]).
size_t ck_packed_bytes(ck_dtype dtype, long k, long n);
void ck_pack(ck_dtype dtype, int transposed, long k, long n, const void *b, long ldb, void *packed);

/// C = A·B + what it begins with, with such a B: `init`, rows `init_row` apart (0: one row for all, a
/// bias; C itself may be given), or zeros for null. The bits do not depend on the threads.
void ck_multiply_packed(ck_dtype dtype, long m, long n, long k, const void *a, long lda,
                        const void *packed, const void *init, long init_row, void *c, long ldc);
