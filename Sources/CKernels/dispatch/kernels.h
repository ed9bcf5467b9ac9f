// Every kernel that there is, by name, and the tables through which they are reached: one table for
// each instruction set and element type, all filled from the lists below (every_kernel.h). A kernel
// that is in a list and not written, for one element type or instruction set, does not compile; one
// that is written and not listed is an error, too (-Wunused-function). Swift and the tests see the
// names by `ck_kernel_name`.
#pragma once
#include "CKernels.h"

/// K(result, name, parameters); the operations of one and two numbers, the reductions and the cells
/// have lists of their own in the headers that declare them.
#define CK_KERNELS(K)                                                                             \
  /* elementwise */                                                                               \
  K(void, tanh_slopes, (long n, const void *a, void *out, void *slopes))                          \
  K(void, sigmoid_slopes, (long n, const void *a, void *out, void *slopes))                       \
  K(void, clamp, (long n, double low, double high, const void *a, void *out))                     \
  K(void, where, (long n, const void *mask, long sm, const void *a, long sa, const void *b,       \
                  long sb, void *out))                                                            \
  K(void, axpy, (long n, double scale, const void *x, void *y))                                   \
  K(void, scale, (long n, double scale, void *y))                                                 \
  K(void, fill, (long n, double value, void *out))                                                \
  K(void, to_f32, (long n, const void *a, float *out))                                            \
  K(void, to_f64, (long n, const void *a, double *out))                                           \
  K(void, gather_strided, (long n, const void *a, long stride, void *out))                        \
  K(void, scatter_strided, (long n, const void *a, void *out, long stride))                       \
  K(void, add_strided, (long n, const void *a, double *sums, long stride))                        \
  K(void, transpose, (long rows, long columns, const void *a, long a_row, void *out,              \
                      long out_row, bool streaming))                                              \
  /* reductions */                                                                                \
  K(void, variance, (double correction, long outer, long n, long inner, const void *a, void *out)) \
  K(void, center, (long outer, long n, long inner, const void *a, void *out))                     \
  K(void, place, (int largest, long outer, long n, long inner, const void *a, long *out))         \
  K(void, add_taken, (long count, long rows, long inner, const long *places, const void *a,       \
                      void *out))                                                                 \
  K(void, softmax, (int logarithm, long outer, long n, long inner, const void *a, void *out))     \
  K(void, softmax_grad, (int logarithm, long rows, long n, const void *x, const void *y,          \
                         const void *dy, void *out))                                              \
  K(void, nll, (long outer, long n, long inner, const void *log_p, const long *target,            \
                long ignored, void *losses))                                                      \
  K(void, nll_grad, (const void *logits, long outer, long n, long inner, const void *log_p,       \
                     const long *target, long ignored, double scale, const void *dy,              \
                     long stride_dy, void *out))                                                  \
  /* products */                                                                                  \
  K(void, gemm, (bool transpose_a, bool transpose_b, long m, long n, long k, const void *a,       \
                 long lda, const void *b, long ldb, bool accumulate, void *c, long ldc))          \
  K(size_t, packed_bytes, (long k, long n))                                                       \
  K(void, pack_operand, (bool transposed, long k, long n, const void *b, long ldb, void *packed)) \
  K(void, packed_product, (long m, long n, long k, const void *a, long lda, const void *packed,   \
                           const void *init, long init_row, void *c, long ldc))                   \
  /* recurrent */                                                                                 \
  K(size_t, sequence_saved_bytes, (const ck_sequence *s))                                         \
  K(size_t, sequence_scratch_bytes, (const ck_sequence *s))                                       \
  K(ck_schedule, sequence_schedule, (const ck_sequence *s, int threads))                          \
  K(size_t, sequence_packed_bytes, (const ck_sequence *s))                                        \
  K(void, sequence_pack, (const ck_sequence *s, void *packed))                                    \
  K(void, sequence_forward, (const ck_sequence *s, const void *x, void *out, long out_row,        \
                             void *h_n, void *c_n, void *saved, void *scratch))                   \
  K(void, sequence_backward, (const ck_sequence *s, const void *x, const void *out, long out_row, \
                              const void *dy, long dy_row, const void *dh_n, const void *dc_n,    \
                              void *saved, void *scratch, const ck_sequence_gradients *to))       \
  K(void, peephole_forward, (const ck_peephole *s, void *h, void *c_new))                         \
  K(void, peephole_backward, (const ck_peephole *s, const void *c_new, const void *dh,            \
                              const void *dc_new, const ck_peephole_gradients *to))               \
  K(bool, mostly_zeros, (long rows, long k, const void *x))                                       \
  K(void, sparse_product, (long rows, long k, long n, const void *x, const void *w,               \
                           const void *init, void *out))                                          \
  K(void, sparse_gradient, (long rows, long k, long n, const void *x, const void *dy, void *out)) \
  /* optimizers */                                                                                \
  K(bool, sgd, (long n, ck_sgd_options o, const void *g, void *m, const void *p, void *q))        \
  K(bool, rmsprop, (long n, ck_rmsprop_options o, const void *g, void *s, void *a, void *m,       \
                    const void *p, void *q))                                                      \
  K(bool, adam, (long n, ck_adam_options o, const void *g, void *m, void *v, void *largest,       \
                 const void *p, void *q))                                                         \
  K(bool, all_finite, (long n, const void *x))                                                    \
  K(double, sum_squares, (long n, const void *x))

#define CK_MEMBER(result, name, parameters) result(*name) parameters;

typedef struct {
  /// out[i] = a[i · sa] ∘ b[i · sb]; a stride of 0 repeats one number, and `out` may be an operand
  /// whose stride is 1.
  void (*binary[CK_BINARY_OPS_COUNT])(long n, const void *a, long sa, const void *b, long sb,
                                      void *out);
  /// out[i] = f(a[i]); `out` may be `a`.
  void (*unary[CK_UNARY_OPS_COUNT])(long n, const void *a, void *out);
  void (*reduce[CK_REDUCTIONS_COUNT])(long outer, long n, long inner, const void *a, void *out);
  CK_KERNELS(CK_MEMBER)
} ck_kernels;

/// The table for an element type and the instruction set in use on this thread. What is shared among
/// threads goes on with the table of the thread that began it.
const ck_kernels *ck_table(ck_dtype dtype);

extern const ck_kernels ck_base_f32, ck_base_f64, ck_avx2_f32, ck_avx2_f64, ck_avx512_f32,
    ck_avx512_f64;
