// log, log(1 + u) and softplus as straight-line code, as vecmath.h has exp and tanh.
//
//   function          float           double          (largest relative error measured)
//   log               8.6e-8          1.7e-16
//   softplus          2.3e-7          4.1e-16
//
// Both rest on log((1 + s)/(1 − s)) = 2·(s + s³/3 + s⁵/5 + …), which converges fast where s is small:
// for log x = e·ln 2 + log m with √½ ≤ m < √2, s = (m − 1)/(m + 1) and s² ≤ 0.03; for log(1 + u) with
// 0 ≤ u ≤ 1, s = u/(2 + u) and s² ≤ 1/9.
#pragma once
#include <math.h>

#include "vecmath.h"

// (atanh(s) / s − 1) / s² as a polynomial in z = s², up to zᴺ.
#define CK_DEFINE_ATANH_TAIL(NAME, T, N)                                                          \
  CK_INLINE T NAME(T z) {                                                                         \
    T q = (T)1 / (2 * N + 3);                                                                     \
    _Pragma("clang loop unroll(full)")                                                            \
    for (int k = N - 1; k >= 0; k--) q = q * z + (T)1 / (T)(2 * k + 3);                           \
    return q;                                                                                     \
  }
CK_DEFINE_ATANH_TAIL(ck_atanh_small_f32, float, 4)
CK_DEFINE_ATANH_TAIL(ck_atanh_small_f64, double, 9)
CK_DEFINE_ATANH_TAIL(ck_atanh_third_f32, float, 6)
CK_DEFINE_ATANH_TAIL(ck_atanh_third_f64, double, 15)

#define CK_DEFINE_VECLOG(T, U, I, S, MANTISSA, BIAS, HALF_ROOT, LIFT, LIFT_LOG2, SMALLEST,        \
                         LN2_HIGH, LN2_LOW, FABS)                                                 \
  CK_INLINE T ck_log_##S(T x) {                                                                   \
    T lift = x < SMALLEST ? LIFT : (T)1; /* subnormal numbers, made normal */                     \
    U bits = ck_bits_##S(x * lift) - ck_bits_##S(HALF_ROOT);                                      \
    I exponent = (I)bits >> MANTISSA;                                                             \
    T m = ck_of_bits_##S((bits & (((U)1 << MANTISSA) - 1)) + ck_bits_##S(HALF_ROOT));             \
    T e = (T)exponent - (x < SMALLEST ? LIFT_LOG2 : (T)0);                                        \
    T f = m - (T)1;                                                                               \
    T s = f / ((T)2 + f), z = s * s;                                                              \
    /* log m = f − f·s + 2·s³·(…): the large part, f, is exact */                                 \
    T tail = (T)2 * z * ck_atanh_small_##S(z);                                                    \
    T y = e * LN2_HIGH + (f + (e * LN2_LOW - s * (f - tail)));                                    \
    y = x == (T)INFINITY ? x : y;                                                                 \
    y = x == (T)0 ? -(T)INFINITY : y;                                                             \
    return x >= (T)0 ? y : (T)NAN;                                                                \
  }                                                                                               \
                                                                                                  \
  /* max(x, 0) + log(1 + e^−|x|) */                                                               \
  CK_INLINE T ck_softplus_##S(T x) {                                                              \
    T u = ck_exp_##S(-FABS(x));                                                                   \
    T s = u / ((T)2 + u), z = s * s;                                                              \
    T rest = (T)2 * (s + s * z * ck_atanh_third_##S(z));                                          \
    return (x < (T)0 ? (T)0 : x) + rest;                                                          \
  }

CK_DEFINE_VECLOG(float, uint32_t, int32_t, f32, 23, 127, 0x1.6a09e6p-1f, 0x1p25f, 25.0f, 0x1p-126f,
                 0.693115234375f, 3.19461849453e-5f, __builtin_fabsf)
CK_DEFINE_VECLOG(double, uint64_t, int64_t, f64, 52, 1023, 0x1.6a09e667f3bcdp-1, 0x1p54, 54.0,
                 0x1p-1022, 0x1.62e42fefa2000p-1, 0x1.9ef35793c7673p-41, __builtin_fabs)
