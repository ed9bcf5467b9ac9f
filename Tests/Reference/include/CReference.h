// The recurrent layers in their plainest form, in double precision: what the fast ones are compared
// with.
#pragma once
#include "CKernels.h"

/// Forward and, where `gradients` is not null, backward. The weights' and inputs' gradients are added to
/// what is there, h0's and c0's are overwritten.
void ck_sequence_reference(const ck_sequence *s, const double *x, double *out, long out_row,
                           double *h_n, double *c_n, const double *dy, long dy_row,
                           const double *dh_n, const double *dc_n,
                           const ck_sequence_gradients *gradients);
