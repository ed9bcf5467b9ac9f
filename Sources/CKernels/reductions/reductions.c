#include "reduce.h"

#include "dispatch/kernels.h"
#include "softmax.h"

void ck_reduce(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
               const void *a, void *out) {
  ck_table(dtype)->reduce[reduction](outer, n, inner, a, out);
}

void ck_variance(ck_dtype dtype, double correction, long outer, long n, long inner, const void *a,
                 void *out) {
  ck_table(dtype)->variance(correction, outer, n, inner, a, out);
}

void ck_center(ck_dtype dtype, long outer, long n, long inner, const void *a, void *out) {
  ck_table(dtype)->center(outer, n, inner, a, out);
}

void ck_place(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
              const void *a, long *out) {
  ck_table(dtype)->place(reduction == CK_REDUCE_MAX, outer, n, inner, a, out);
}

void ck_add_taken(ck_dtype dtype, long count, long rows, long inner, const long *places,
                  const void *a, void *out) {
  ck_table(dtype)->add_taken(count, rows, inner, places, a, out);
}

void ck_softmax(ck_dtype dtype, int logarithm, long outer, long n, long inner, const void *a,
                void *out) {
  if (n > 0) ck_table(dtype)->softmax(logarithm, outer, n, inner, a, out);
}

void ck_softmax_grad(ck_dtype dtype, int logarithm, long rows, long n, const void *x, const void *y,
                     const void *dy, void *out) {
  if (n > 0) ck_table(dtype)->softmax_grad(logarithm, rows, n, x, y, dy, out);
}

void ck_nll(ck_dtype dtype, long outer, long n, long inner, const void *log_p, const long *target,
            long ignored, void *losses) {
  ck_table(dtype)->nll(outer, n, inner, log_p, target, ignored, losses);
}

void ck_nll_grad(ck_dtype dtype, const void *logits, long outer, long n, long inner,
                 const void *log_p, const long *target, long ignored, double scale, const void *dy,
                 long stride_dy, void *out) {
  ck_table(dtype)->nll_grad(logits, outer, n, inner, log_p, target, ignored, scale, dy, stride_dy,
                            out);
}
