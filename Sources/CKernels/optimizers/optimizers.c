#include "optim.h"

#include "dispatch/kernels.h"

bool ck_sgd(ck_dtype dtype, long n, ck_sgd_options options, const void *gradient, void *momentum,
            const void *before, void *after) {
  return ck_table(dtype)->sgd(n, options, gradient, momentum, before, after);
}

bool ck_rmsprop(ck_dtype dtype, long n, ck_rmsprop_options options, const void *gradient,
                void *mean_square, void *mean, void *momentum, const void *before, void *after) {
  return ck_table(dtype)->rmsprop(n, options, gradient, mean_square, mean, momentum, before, after);
}

bool ck_adam(ck_dtype dtype, long n, ck_adam_options options, const void *gradient, void *mean,
             void *mean_square, void *largest_square, const void *before, void *after) {
  return ck_table(dtype)->adam(n, options, gradient, mean, mean_square, largest_square, before,
                               after);
}

double ck_sum_squares(ck_dtype dtype, long n, const void *x) {
  return ck_table(dtype)->sum_squares(n, x);
}

bool ck_all_finite(ck_dtype dtype, long n, const void *x) {
  return ck_table(dtype)->all_finite(n, x);
}
