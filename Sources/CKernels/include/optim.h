// One pass over parameter, gradient and the optimizer's state. The equations stand where the
// optimizers are (Sources/Optim). `n` numbers of type `dtype` each.
//
// The parameter is read at `before` and written to `after`, so that the caller can refuse the step:
// each returns whether all that it has written there is finite.
#pragma once
#include <stdbool.h>
#include "elementwise.h"

typedef struct {
  double learning_rate, momentum, dampening, weight_decay;
  int nesterov;
  int first;  // no momentum yet: it starts as the gradient
} ck_sgd_options;

/// `momentum` is not read or written where options.momentum is 0.
bool ck_sgd(ck_dtype dtype, long n, ck_sgd_options options, const void *gradient, void *momentum,
            const void *before, void *after);

typedef struct {
  double learning_rate, alpha, eps, momentum, weight_decay;
} ck_rmsprop_options;

/// `mean` is null unless centered, `momentum` null without momentum.
bool ck_rmsprop(ck_dtype dtype, long n, ck_rmsprop_options options, const void *gradient,
                void *mean_square, void *mean, void *momentum, const void *before, void *after);

typedef struct {
  double step_size;      // learning rate / (1 − β₁ᵗ)
  double beta1, beta2, eps;
  double correction2;    // √(1 − β₂ᵗ)
  double weight_decay;   // added to the gradient
  double shrink;         // the parameter is multiplied by it first
} ck_adam_options;

/// `largest_square` is null unless the largest second moment so far is what divides (AMSGrad).
bool ck_adam(ck_dtype dtype, long n, ck_adam_options options, const void *gradient, void *mean,
             void *mean_square, void *largest_square, const void *before, void *after);

/// Whether none of the numbers is NaN or infinite.
bool ck_all_finite(ck_dtype dtype, long n, const void *x);

/// Σ x², added up in Double and in an order that depends on n alone.
double ck_sum_squares(ck_dtype dtype, long n, const void *x);
