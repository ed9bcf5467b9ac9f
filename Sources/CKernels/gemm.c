#include "gemm.h"

#include <cblas.h>
#include <stdbool.h>
#include <string.h>

#include "alloc.h"
#include "clones.h"
#include "cpu.h"
#include "kernels.h"
#include "threads.h"
#include "wide.h"

#define KERNELS ck_kernels_f32_t
#define T float
#define SFN(name) name##_f32
#define CBLAS_GEMM cblas_sgemm
#include "gemm_template.h"
#include "gemm_general_template.h"
#undef KERNELS
#undef T
#undef SFN
#undef CBLAS_GEMM

#define KERNELS ck_kernels_f64_t
#define T double
#define SFN(name) name##_f64
#define CBLAS_GEMM cblas_dgemm
#include "gemm_template.h"
#include "gemm_general_template.h"

void ck_gemm(ck_dtype dtype, int transpose_a, int transpose_b, long m, long n, long k,
             const void *a, long lda, const void *b, long ldb, int accumulate, void *c, long ldc) {
  if (m <= 0 || n <= 0) return;
  if (dtype == CK_F32) gemm_f32(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
  else gemm_f64(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}
