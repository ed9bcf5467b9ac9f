// exp, tanh and the logistic function as straight-line code: no branch, no table, no call, so that
// a loop over them turns into vector code on whatever processor the enclosing function is compiled
// for. One text serves both element types, and numbers as well as vectors of them.
//
//   function          float             double        (largest errors over millions of arguments,
//   exp               1.1 ulp           1.1 ulp        in units of the last place)
//   expm1             1.7               1.9
//   tanh              2.5               2.6
//   logistic          2.2               2.3
//
// All are right at ±0, ±∞ and NaN; exp and the logistic function go through the subnormal numbers
// to zero.
//
// The method is the usual one: x = n·ln 2 + r with |r| ≤ ln 2 / 2, e^x = 2ⁿ·e^r, and a polynomial
// for (e^r − 1 − r)/r² (interpolated at Chebyshev points in 60 digits).
#pragma once
#include <stdint.h>

#define CK_INLINE static inline __attribute__((always_inline, unused))

// What differs between a number and a vector: seeing T's bits as U and back, and choosing.
#define CK_DEFINE_NUMBER_BITS(S, T, U)                                                            \
  CK_INLINE T ck_of_bits_##S(U bits) {                                                            \
    union { U u; T x; } both = {.u = bits};                                                       \
    return both.x;                                                                                \
  }                                                                                               \
  CK_INLINE U ck_bits_##S(T x) {                                                                  \
    union { T x; U u; } both = {.x = x};                                                          \
    return both.u;                                                                                \
  }                                                                                               \
  CK_INLINE T ck_less_##S(T a, T b, T yes, T no) { return a < b ? yes : no; }

// A vector's comparison gives all bits set where it holds.
#define CK_DEFINE_VECTOR_BITS(S, T, U)                                                            \
  CK_INLINE T ck_of_bits_##S(U bits) { return (T)bits; }                                          \
  CK_INLINE U ck_bits_##S(T x) { return (U)x; }                                                   \
  CK_INLINE T ck_less_##S(T a, T b, T yes, T no) {                                                \
    U holds = (U)(a < b);                                                                         \
    return (T)((holds & (U)yes) | (~holds & (U)no));                                              \
  }

// (e^r − 1 − r)/r² for |r| ≤ ln 2 / 2.
#define CK_DEFINE_EXP_TAIL_F32(S, T)                                                              \
  CK_INLINE T ck_exp_tail_##S(T r) {                                                              \
    T q = r * 0.00139262508315f + 0.00836323288368f;                                              \
    q = q * r + 0.041666554213f;                                                                  \
    q = q * r + 0.166665766661f;                                                                  \
    return q * r + 0.5f;                                                                          \
  }
#define CK_DEFINE_EXP_TAIL_F64(S, T)                                                              \
  CK_INLINE T ck_exp_tail_##S(T r) {                                                              \
    /* pairs of terms do not wait for each other as one long chain of them would */               \
    T r2 = r * r, r4 = r2 * r2;                                                                   \
    T a = (r * 0.1666666666666666746 + 0.5) +                                                     \
          (r * 8.3333333333300381973e-3 + 4.1666666666623820532e-2) * r2;                         \
    T b = (r * 1.9841269863171556026e-4 + 1.3888888917367080562e-3) +                             \
          (r * 2.7557268276905696187e-6 + 2.4801521057868205199e-5) * r2;                         \
    T c = r * 2.5100472505694996e-8 + 2.7620201591031548792e-7;                                   \
    return a + (b + c * r4) * r4;                                                                 \
  }

// E is the type of T's elements. Adding `magic` = 1.5·2^(mantissa bits) rounds to a whole number and
// leaves it in the low bits of the sum; that saves the conversion to an integer. ln 2 is split so
// that n·(its upper part) is exact. `LOW` and `HIGH` are where e^x is 0 and ∞.
#define CK_DEFINE_VECMATH(S, T, E, U, MAGIC, MAGIC_BITS, MANTISSA, BIAS, LN2_HIGH, LN2_LOW, LOW,  \
                          HIGH, TANH_ONE, TINY)                                                   \
  CK_INLINE T ck_splat_##S(E x) { return (T){0} + x; }                                            \
  CK_INLINE T ck_abs_##S(T x) { return ck_of_bits_##S(ck_bits_##S(x) << 1 >> 1); }                \
                                                                                                  \
  /* x → r and n */                                                                               \
  CK_INLINE T ck_reduce_##S(T x, U *n) {                                                          \
    T t = x * (E)1.44269504088896340736 + MAGIC;                                                  \
    T whole = t - MAGIC;                                                                          \
    *n = ck_bits_##S(t) - MAGIC_BITS;                                                             \
    return (x - whole * LN2_HIGH) - whole * LN2_LOW;                                              \
  }                                                                                               \
                                                                                                  \
  /* x where e^x is neither 0 nor ∞, in an order in which NaN stays NaN */                        \
  CK_INLINE T ck_exp_range_##S(T x) {                                                             \
    x = ck_less_##S(ck_splat_##S(HIGH), x, ck_splat_##S(HIGH), x);                                \
    return ck_less_##S(x, ck_splat_##S(LOW), ck_splat_##S(LOW), x);                               \
  }                                                                                               \
                                                                                                  \
  /* 2ⁿ·e^r, 2ⁿ in two factors: neither overflows where the product is finite or subnormal */     \
  CK_INLINE T ck_exp_sum_##S(T r, U n) {                                                          \
    T e = (E)1 + (r + r * r * ck_exp_tail_##S(r));                                                \
    U half = ((n + 2 * BIAS) >> 1) - BIAS;                                                        \
    return e * ck_of_bits_##S((half + BIAS) << MANTISSA) *                                        \
           ck_of_bits_##S((n - half + BIAS) << MANTISSA);                                         \
  }                                                                                               \
                                                                                                  \
  CK_INLINE T ck_exp_##S(T x) {                                                                   \
    U n;                                                                                          \
    T r = ck_reduce_##S(ck_exp_range_##S(x), &n);                                                 \
    return ck_exp_sum_##S(r, n);                                                                  \
  }                                                                                               \
                                                                                                  \
  /* tanh |x| = −m/(2 + m) with m = e^(−2|x|) − 1, which loses nothing where x is small */        \
  CK_INLINE T ck_tanh_##S(T x) {                                                                  \
    T z = ck_abs_##S(x);                                                                          \
    z = ck_less_##S(ck_splat_##S(TANH_ONE), z, ck_splat_##S(TANH_ONE), z);                        \
    U n;                                                                                          \
    T r = ck_reduce_##S((E)-2 * z, &n);                                                           \
    T scale = ck_of_bits_##S((n + BIAS) << MANTISSA);                                             \
    T m = scale * (r + r * r * ck_exp_tail_##S(r)) + (scale - (E)1);                              \
    /* the quotient is −tanh |x|; it takes the sign of x */                                       \
    U bits = ck_bits_##S(m * ((E)1 / ((E)2 + m))) << 1 >> 1;                                      \
    return ck_of_bits_##S(bits | (ck_bits_##S(x) ^ ck_bits_##S(ck_abs_##S(x))));                  \
  }                                                                                               \
                                                                                                  \
  /* tanh x and 1 − tanh² x = 4·e^(−2|x|)/(1 + e^(−2|x|))²: from tanh x, which is 1 to the last digit \
     where x is 9, the slope could not be told. *less = 1 − |tanh x| */                           \
  CK_INLINE T ck_tanh_slope_##S(T x, T *slope, T *less) {                                         \
    U n;                                                                                          \
    T r = ck_reduce_##S(ck_exp_range_##S((E)-2 * ck_abs_##S(x)), &n);                             \
    T q = r + r * r * ck_exp_tail_##S(r);                                                         \
    U half = ((n + 2 * BIAS) >> 1) - BIAS;                                                        \
    T first = ck_of_bits_##S((half + BIAS) << MANTISSA);                                          \
    T second = ck_of_bits_##S((n - half + BIAS) << MANTISSA), scale = first * second;             \
    T m = scale * q + (scale - (E)1), inverse = (E)1 / ((E)2 + m);                                \
    *less = (E)2 * inverse * (((E)1 + q) * first * second);                                       \
    *slope = *less * ((E)2 - *less);                                                              \
    U bits = ck_bits_##S(m * inverse) << 1 >> 1;                                                  \
    return ck_of_bits_##S(bits | (ck_bits_##S(x) ^ ck_bits_##S(ck_abs_##S(x))));                  \
  }                                                                                               \
                                                                                                  \
  /* e^x − 1 = (2ⁿ·(e^r − 1)) + (2ⁿ − 1), halved on the way because n may be one too large */      \
  CK_INLINE T ck_expm1_##S(T x) {                                                                 \
    T z = ck_less_##S(ck_splat_##S(HIGH), x, ck_splat_##S(HIGH), x);                              \
    z = ck_less_##S(z, ck_splat_##S(-TANH_ONE), ck_splat_##S(-TANH_ONE), z);                      \
    U n;                                                                                          \
    T r = ck_reduce_##S(z, &n);                                                                   \
    T scale = ck_of_bits_##S((n + (BIAS - 1)) << MANTISSA);                                       \
    T m = scale * (r + r * r * ck_exp_tail_##S(r)) + (scale - (E)0.5);                            \
    return ck_less_##S(ck_abs_##S(x), ck_splat_##S(TINY), x, m + m);                              \
  }                                                                                               \
                                                                                                  \
  /* σ(x) = 1/(1 + e^−x), from e^−|x| so that nothing overflows */                                \
  CK_INLINE T ck_sigmoid_of_##S(T x, T e) {                                                       \
    return ck_less_##S(x, ck_splat_##S(0), e, ck_splat_##S(1)) / ((E)1 + e);                      \
  }                                                                                               \
  CK_INLINE T ck_sigmoid_##S(T x) {                                                               \
    return ck_sigmoid_of_##S(x, ck_exp_##S(-ck_abs_##S(x)));                                      \
  }                                                                                               \
                                                                                                  \
  /* the smaller of σ(x) and 1 − σ(x), that is σ(−|x|) */                                         \
  CK_INLINE T ck_sigmoid_less_##S(T x) {                                                          \
    T e = ck_exp_##S(-ck_abs_##S(x));                                                             \
    return e / ((E)1 + e);                                                                        \
  }                                                                                               \
                                                                                                  \
  /* e^(a − b), with what the difference is rounded by: of −80 it would be 4 millionths */        \
  CK_INLINE T ck_exp_difference_##S(T a, T b) {                                                   \
    T d = a - b, back = a - d, lost = (a - (d + back)) + (back - b), e = ck_exp_##S(d);           \
    return ck_less_##S(ck_abs_##S(lost), ck_splat_##S(1), e + e * lost, e);                       \
  }

#define CK_DEFINE_VECMATH_F32(S, T, U)                                                            \
  CK_DEFINE_EXP_TAIL_F32(S, T)                                                                    \
  CK_DEFINE_VECMATH(S, T, float, U, 12582912.0f, 0x4b400000u, 23, 127u, 0.693115234375f,          \
                    3.19461849453e-5f, -104.0f, 89.0f, 20.0f, 0x1p-26f)
#define CK_DEFINE_VECMATH_F64(S, T, U)                                                            \
  CK_DEFINE_EXP_TAIL_F64(S, T)                                                                    \
  CK_DEFINE_VECMATH(S, T, double, U, 6755399441055744.0, UINT64_C(0x4338000000000000), 52,        \
                    UINT64_C(1023), 0x1.62e42fefa2000p-1, 0x1.9ef35793c7673p-41, -746.0, 710.0,   \
                    40.0, 0x1p-55)

// The same for a type of vector T, with U that of unsigned integers of the same size.
#define CK_DEFINE_VECTOR_MATH_F32(S, T, U) CK_DEFINE_VECTOR_BITS(S, T, U) CK_DEFINE_VECMATH_F32(S, T, U)
#define CK_DEFINE_VECTOR_MATH_F64(S, T, U) CK_DEFINE_VECTOR_BITS(S, T, U) CK_DEFINE_VECMATH_F64(S, T, U)

CK_DEFINE_NUMBER_BITS(f32, float, uint32_t)
CK_DEFINE_VECMATH_F32(f32, float, uint32_t)
CK_DEFINE_NUMBER_BITS(f64, double, uint64_t)
CK_DEFINE_VECMATH_F64(f64, double, uint64_t)
