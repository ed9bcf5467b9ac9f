#include "blas.h"

#include <cblas.h>

void ck_gemm(ck_dtype dtype, int transpose_a, int transpose_b, long m, long n, long k,
             const void *a, long lda, const void *b, long ldb, int accumulate, void *c, long ldc) {
  enum CBLAS_TRANSPOSE ta = transpose_a ? CblasTrans : CblasNoTrans;
  enum CBLAS_TRANSPOSE tb = transpose_b ? CblasTrans : CblasNoTrans;
  if (dtype == CK_F32)
    cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb,
                accumulate ? 1 : 0, c, (int)ldc);
  else
    cblas_dgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb,
                accumulate ? 1 : 0, c, (int)ldc);
}
