// Softmax and the cross-entropy of its result, of an array seen as [outer, n, inner] along its middle
// axis.
#pragma once
#include "elementwise.h"

/// Softmax (or its logarithm) along the middle axis, with the largest number taken off first so
/// that nothing overflows.
void ck_softmax(ck_dtype dtype, int logarithm, long outer, long n, long inner, const void *a,
                void *out);

/// The gradient of softmax (or its logarithm) y of x, of `rows` rows of n numbers.
void ck_softmax_grad(ck_dtype dtype, int logarithm, long rows, long n, const void *x, const void *y,
                     const void *dy, void *out);

/// losses[o, i] = −log_p[o, target[o, i], i]; 0 where the target is `ignored`.
void ck_nll(ck_dtype dtype, long outer, long n, long inner, const void *log_p, const long *target,
            long ignored, void *losses);

/// out = −scale · dy[o, i] at the place the target names, 0 elsewhere: the gradient of `ck_nll`. With
/// `logits`, whose log-softmax log_p is, that of both together: scale · dy[o, i] · (p − 1 at that place).
/// `dy` is [outer, inner], or one number for all if `stride_dy` is 0.
void ck_nll_grad(ck_dtype dtype, const void *logits, long outer, long n, long inner,
                 const void *log_p, const long *target, long ignored, double scale, const void *dy,
                 long stride_dy, void *out);
