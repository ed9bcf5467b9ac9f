// log, log(1 + x) and softplus as straight-line code, as vecmath.h has exp and tanh.
//
//   function          float             double        (largest errors, in units of the last place)
//   log               0.9 ulp           0.9 ulp
//   log1p             1.5               1.4
//   softplus          1.9               1.9
//
// All rest on log(1 + f) = 2·atanh s with s = f/(2 + f), and 2·atanh s = f − s·(f − 2·s²·(…)): the
// large part, f, is exact. For log x = e·ln 2 + log m with √½ ≤ m < √2, s² ≤ 0.03; for log(1 + u) with
// 0 ≤ u ≤ 1, s² ≤ 1/9. The polynomials are interpolated at Chebyshev points in 60 digits.
#pragma once
#include <math.h>

#include "vecmath.h"

// (atanh(s) / s − 1) / s² as a polynomial in z = s²: for z ≤ 0.03, and for z ≤ 1/9.
#define CK_DEFINE_ATANH_F32(S, T)                                                                 \
  CK_INLINE T ck_atanh_small_##S(T z) {                                                           \
    return (z * 0.147899747f + 0.1999439028f) * z + 0.3333334252f;                                \
  }                                                                                               \
  CK_INLINE T ck_atanh_third_##S(T z) {                                                           \
    T a = z * 0.1999985317f + 0.3333333366f, b = z * 0.108532879f + 0.14296179f;                  \
    T z2 = z * z;                                                                                 \
    return a + (b + z2 * 0.1161216461f) * z2;                                                     \
  }
#define CK_DEFINE_ATANH_F64(S, T)                                                                 \
  CK_INLINE T ck_atanh_small_##S(T z) {                                                           \
    T z2 = z * z;                                                                                 \
    T a = z * 0.1999999999994975224 + 0.3333333333333334843;                                         \
    T b = z * 0.1111110556739753993 + 0.1428571431298774246;                                      \
    T c = z * 0.07665860800278020634 + 0.0909144456263086104;                                     \
    return a + (b + (c + z2 * 0.0730822484252170293) * z2) * z2;                                  \
  }                                                                                               \
  CK_INLINE T ck_atanh_third_##S(T z) {                                                           \
    T z2 = z * z, z4 = z2 * z2;                                                                   \
    T a = (z * 0.2000000000000729134 + 0.3333333333333332928) +                                   \
          (z * 0.1111111135871393149 + 0.1428571428355437858) * z2;                               \
    T b = (z * 0.07692785032479311552 + 0.09090894718066429085) +                                 \
          (z * 0.06000536404795356268 + 0.06657072104827468075) * z2;                             \
    T c = z * 0.0808202280597176611 + 0.04400369243072336941;                                     \
    return a + (b + c * z4) * z4;                                                                 \
  }

// A whole number becomes a T as the low bits of 2^MANTISSA, whose bits are WHOLE.
#define CK_DEFINE_VECLOG(S, T, E, U, MANTISSA, FRACTION, BIAS, WHOLE, WHOLE_BITS, HALF_ROOT, LIFT,          \
                         LIFT_LOG2, SMALLEST, TINY, LN2_HIGH, LN2_LOW)                            \
  /* x = 2ᵉ·m with √½ ≤ m < √2, for a normal x > 0 */                                             \
  CK_INLINE T ck_mantissa_##S(T x, T *e) {                                                        \
    const U root = ck_bits_##S(ck_splat_##S(HALF_ROOT));                                          \
    U bits = ck_bits_##S(x) - root + (BIAS << MANTISSA);                                          \
    *e = ck_of_bits_##S(bits >> MANTISSA | WHOLE_BITS) - (WHOLE + (E)BIAS);                       \
    return ck_of_bits_##S((bits & FRACTION) + root);                      \
  }                                                                                               \
                                                                                                  \
  /* e·ln 2 + log(1 + f) for √½ ≤ 1 + f < √2 */                                                   \
  CK_INLINE T ck_log_sum_##S(T e, T f) {                                                          \
    T s = f / ((E)2 + f), z = s * s;                                                              \
    T tail = (E)2 * z * ck_atanh_small_##S(z);                                                    \
    return e * LN2_HIGH + (f + (e * LN2_LOW - s * (f - tail)));                                   \
  }                                                                                               \
                                                                                                  \
  /* y, but the logarithm's own value where x is 0, negative, ∞ or NaN */                         \
  CK_INLINE T ck_log_ends_##S(T x, T y) {                                                         \
    const T zero = ck_splat_##S(0), infinite = ck_splat_##S((E)INFINITY);                         \
    T end = ck_less_##S(x, zero, ck_splat_##S((E)NAN), -infinite);                                \
    return ck_less_##S(x, ck_splat_##S(SMALLEST / WHOLE), end,                                \
                       ck_less_##S(x, infinite, y, x));                                           \
  }                                                                                               \
                                                                                                  \
  CK_INLINE T ck_log_##S(T x) {                                                                   \
    /* subnormal numbers, made normal */                                                          \
    const T smallest = ck_splat_##S(SMALLEST);                                                    \
    T lifted = x * ck_less_##S(x, smallest, ck_splat_##S(LIFT), ck_splat_##S(1)), e;              \
    T m = ck_mantissa_##S(lifted, &e);                                                            \
    e = e - ck_less_##S(x, smallest, ck_splat_##S(LIFT_LOG2), ck_splat_##S(0));                   \
    return ck_log_ends_##S(x, ck_log_sum_##S(e, m - (E)1));                                       \
  }                                                                                               \
                                                                                                  \
  /* log of u = 1 + x, where m takes back, scaled like u, what the sum has lost of x */           \
  CK_INLINE T ck_log1p_##S(T x) {                                                                 \
    T u = (E)1 + x, e;                                                                            \
    T lost = x - (u - (E)1);                                                                      \
    T m = ck_mantissa_##S(u, &e);                                                                 \
    T scale = ck_of_bits_##S(ck_bits_##S(m) - ck_bits_##S(u) + ck_bits_##S(ck_splat_##S(1)));     \
    scale = ck_less_##S(x, ck_splat_##S(WHOLE * 4), scale, ck_splat_##S(0));                      \
    T y = ck_log_ends_##S(u, ck_log_sum_##S(e, (m - (E)1) + scale * lost));                       \
    return ck_less_##S(ck_abs_##S(x), ck_splat_##S(TINY), x, y);                                  \
  }                                                                                               \
                                                                                                  \
  /* max(x, 0) + log(1 + e^−|x|) */                                                               \
  CK_INLINE T ck_softplus_of_##S(T x, T u) {                                                      \
    T s = u / ((E)2 + u), z = s * s;                                                              \
    T tail = (E)2 * z * ck_atanh_third_##S(z);                                                    \
    return ck_less_##S(x, ck_splat_##S(0), ck_splat_##S(0), x) + (u - s * (u - tail));            \
  }                                                                                               \
  CK_INLINE T ck_softplus_##S(T x) {                                                              \
    return ck_softplus_of_##S(x, ck_exp_##S(-ck_abs_##S(x)));                                     \
  }

#define CK_DEFINE_VECLOG_F32(S, T, U)                                                             \
  CK_DEFINE_ATANH_F32(S, T)                                                                       \
  CK_DEFINE_VECLOG(S, T, float, U, 23, 0x7fffffu, 127u, 0x1p23f, 0x4b000000u, 0x1.6a09e6p-1f, 0x1p25f,       \
                   25.0f, 0x1p-126f, 0x1p-26f, 0.693115234375f, 3.19461849453e-5f)
#define CK_DEFINE_VECLOG_F64(S, T, U)                                                             \
  CK_DEFINE_ATANH_F64(S, T)                                                                       \
  CK_DEFINE_VECLOG(S, T, double, U, 52, UINT64_C(0xfffffffffffff), UINT64_C(1023), 0x1p52, UINT64_C(0x4330000000000000),     \
                   0x1.6a09e667f3bcdp-1, 0x1p54, 54.0, 0x1p-1022, 0x1p-55, 0x1.62e42fefa2000p-1,  \
                   0x1.9ef35793c7673p-41)

CK_DEFINE_VECLOG_F32(f32, float, uint32_t)
CK_DEFINE_VECLOG_F64(f64, double, uint64_t)
