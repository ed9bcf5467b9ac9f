#include "gemm.h"

#include "dispatch/kernels.h"

void ck_gemm(ck_dtype dtype, int transpose_a, int transpose_b, long m, long n, long k,
             const void *a, long lda, const void *b, long ldb, int accumulate, void *c, long ldc) {
  ck_table(dtype)->gemm(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}

size_t ck_packed_bytes(ck_dtype dtype, long k, long n) {
  return ck_table(dtype)->packed_bytes(k, n);
}

void ck_pack(ck_dtype dtype, int transposed, long k, long n, const void *b, long ldb,
             void *packed) {
  ck_table(dtype)->pack_operand(transposed, k, n, b, ldb, packed);
}

void ck_multiply_packed(ck_dtype dtype, long m, long n, long k, const void *a, long lda,
                        const void *packed, const void *init, long init_row, void *c, long ldc) {
  ck_table(dtype)->packed_product(m, n, k, a, lda, packed, init, init_row, c, ldc);
}
