#include "optim.h"

#include <stdint.h>

#include "clones.h"
#include "vecmath.h"

#define T float
#define WHOLE int32_t
#define NAME(name) name##_f32
#include "optim_template.h"
#undef T
#undef WHOLE
#undef NAME

#define T double
#define WHOLE int64_t
#define NAME(name) name##_f64
#include "optim_template.h"
#undef T
#undef WHOLE
#undef NAME

// Numbers that do not change from one place to the next are worked out in Double, then rounded.

bool ck_sgd(ck_dtype dtype, long n, ck_sgd_options o, const void *gradient, void *momentum,
            const void *before, void *after) {
  // The first momentum is the whole gradient, whatever the dampening; it stands at 0 till then.
  double taken = o.first ? 1 : 1 - o.dampening;
#define NUMBERS {o.learning_rate, o.momentum, taken, o.weight_decay}
  if (dtype == CK_F32) {
    return sgd_f32(n, (sgd_numbers_f32)NUMBERS, o.nesterov, gradient, momentum, before, after);
  } else {
    return sgd_f64(n, (sgd_numbers_f64)NUMBERS, o.nesterov, gradient, momentum, before, after);
  }
#undef NUMBERS
}

bool ck_rmsprop(ck_dtype dtype, long n, ck_rmsprop_options o, const void *gradient,
                void *mean_square, void *mean, void *momentum, const void *before, void *after) {
#define NUMBERS {o.learning_rate, o.alpha, 1 - o.alpha, o.eps, o.momentum, o.weight_decay}
  if (dtype == CK_F32) {
    return rmsprop_f32(n, (rmsprop_numbers_f32)NUMBERS, gradient, mean_square, mean, momentum,
                       before, after);
  } else {
    return rmsprop_f64(n, (rmsprop_numbers_f64)NUMBERS, gradient, mean_square, mean, momentum,
                       before, after);
  }
#undef NUMBERS
}

bool ck_adam(ck_dtype dtype, long n, ck_adam_options o, const void *gradient, void *mean,
             void *mean_square, void *largest_square, const void *before, void *after) {
#define NUMBERS                                                                              \
  {o.step_size, 1 - o.beta1,    o.beta2,        1 - o.beta2,                                 \
   o.eps,       o.correction2,  o.weight_decay, o.shrink}
  if (dtype == CK_F32) {
    return adam_f32(n, (adam_numbers_f32)NUMBERS, gradient, mean, mean_square, largest_square,
                    before, after);
  } else {
    return adam_f64(n, (adam_numbers_f64)NUMBERS, gradient, mean, mean_square, largest_square,
                    before, after);
  }
#undef NUMBERS
}

double ck_sum_squares(ck_dtype dtype, long n, const void *x) {
  return dtype == CK_F32 ? sum_squares_f32(n, x) : sum_squares_f64(n, x);
}

bool ck_all_finite(ck_dtype dtype, long n, const void *x) {
  return dtype == CK_F32 ? all_finite_f32(n, x) : all_finite_f64(n, x);
}
