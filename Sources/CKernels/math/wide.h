// Vectors of Doubles, and of numbers that become Doubles: what sums are taken in. They are written
// out because a compiler makes vector code of such loops on some days only.
#pragma once

typedef float four_float __attribute__((vector_size(16), aligned(4), may_alias));
typedef float eight_float __attribute__((vector_size(32), aligned(4), may_alias));
typedef double four_double __attribute__((vector_size(32), aligned(8), may_alias));
typedef double eight_double __attribute__((vector_size(64), aligned(8), may_alias));

#define WIDE(type, p) (*(type *)(p))
/// The numbers of type T from p on, `type` (four or eight) of them, as Doubles.
#define AS_DOUBLE(type, p, T) AS_DOUBLE_OF(type, p, T)
#define AS_DOUBLE_OF(type, p, T) __builtin_convertvector(WIDE(const type##_##T, p), type##_double)

/// Halves added to halves. A macro, as not every processor hands so large a vector to a function.
#define TOTAL(x) (((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7])))
