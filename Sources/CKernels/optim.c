#include "optim.h"

#include "clones.h"
#include "vecmath.h"

#define T float
#define NAME(name) name##_f32
#include "optim_template.h"
#undef T
#undef NAME

#define T double
#define NAME(name) name##_f64
#include "optim_template.h"
#undef T
#undef NAME

// Numbers that do not change from one place to the next are worked out in Double, then rounded.

void ck_sgd(ck_dtype dtype, long n, ck_sgd_options o, const void *gradient, void *momentum,
            void *parameter) {
  // The first momentum is the whole gradient, whatever the dampening; it stands at 0 till then.
  double taken = o.first ? 1 : 1 - o.dampening;
#define NUMBERS {o.learning_rate, o.momentum, taken, o.weight_decay}
  if (dtype == CK_F32) {
    sgd_f32(n, (sgd_numbers_f32)NUMBERS, o.nesterov, gradient, momentum, parameter);
  } else {
    sgd_f64(n, (sgd_numbers_f64)NUMBERS, o.nesterov, gradient, momentum, parameter);
  }
#undef NUMBERS
}

void ck_rmsprop(ck_dtype dtype, long n, ck_rmsprop_options o, const void *gradient,
                void *mean_square, void *mean, void *momentum, void *parameter) {
#define NUMBERS {o.learning_rate, o.alpha, 1 - o.alpha, o.eps, o.momentum, o.weight_decay}
  if (dtype == CK_F32) {
    rmsprop_f32(n, (rmsprop_numbers_f32)NUMBERS, gradient, mean_square, mean, momentum, parameter);
  } else {
    rmsprop_f64(n, (rmsprop_numbers_f64)NUMBERS, gradient, mean_square, mean, momentum, parameter);
  }
#undef NUMBERS
}

void ck_adam(ck_dtype dtype, long n, ck_adam_options o, const void *gradient, void *mean,
             void *mean_square, void *largest_square, void *parameter) {
#define NUMBERS                                                                              \
  {o.step_size, 1 - o.beta1,    o.beta2,        1 - o.beta2,                                 \
   o.eps,       o.correction2,  o.weight_decay, o.shrink}
  if (dtype == CK_F32) {
    adam_f32(n, (adam_numbers_f32)NUMBERS, gradient, mean, mean_square, largest_square, parameter);
  } else {
    adam_f64(n, (adam_numbers_f64)NUMBERS, gradient, mean, mean_square, largest_square, parameter);
  }
#undef NUMBERS
}

double ck_sum_squares(ck_dtype dtype, long n, const void *x) {
  return dtype == CK_F32 ? sum_squares_f32(n, x) : sum_squares_f64(n, x);
}
