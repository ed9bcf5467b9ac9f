#include "gemm.h"

#include "dispatch/kernels.h"

void ck_gemm(ck_dtype dtype, int transpose_a, int transpose_b, long m, long n, long k,
             const void *a, long lda, const void *b, long ldb, int accumulate, void *c, long ldc) {
  ck_table(dtype)->gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}
