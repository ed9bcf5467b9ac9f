// Reductions of an array seen as [outer, n, inner] along its middle axis, to [outer, inner].
#pragma once
#include "elementwise.h"

#define CK_REDUCTIONS(OP)     \
  OP(CK_SUM, sum)             \
  OP(CK_MEAN, mean)           \
  OP(CK_REDUCE_MAX, largest)  \
  OP(CK_REDUCE_MIN, smallest)
typedef enum { CK_REDUCTIONS(CK_ENUMERATOR) CK_REDUCTIONS_COUNT } ck_reduction;

/// Sums are taken in Double and rounded once. The order of the additions depends on the sizes alone:
/// the same numbers give the same bits.
void ck_reduce(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
               const void *a, void *out);

/// The sum of squared distances from the mean, divided by n − correction.
void ck_variance(ck_dtype dtype, double correction, long outer, long n, long inner, const void *a,
                 void *out);

/// Each number's distance from the mean; `out` has the size of `a`.
void ck_center(ck_dtype dtype, long outer, long n, long inner, const void *a, void *out);

/// Adds `count` slices of `inner` numbers to the rows of `out` that `places` names, those of one place
/// as one sum: a common word is added up a million times.
void ck_add_taken(ck_dtype dtype, long count, long rows, long inner, const long *places,
                  const void *a, void *out);

/// The place (0 …< n) of the largest or smallest number along the middle axis, the first of equals; a
/// NaN counts as both.
void ck_place(ck_reduction reduction, ck_dtype dtype, long outer, long n, long inner,
              const void *a, long *out);
