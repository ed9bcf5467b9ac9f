// Reductions of an array seen as [outer, n, inner] along its middle axis, to [outer, inner].
#pragma once
#include "elementwise.h"

typedef enum { CK_SUM, CK_REDUCE_MAX, CK_REDUCE_MIN } ck_reduction;

/// The order of the additions depends on the sizes alone: the same numbers give the same bits.
void ck_reduce(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
               const void *a, void *out);

/// The place (0 …< n) of the largest or smallest number along the middle axis, the first of equals; a
/// NaN counts as both.
void ck_place(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
              const void *a, long *out);
