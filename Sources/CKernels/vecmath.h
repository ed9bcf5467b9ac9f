// exp, tanh and the logistic function as straight-line code: no branch, no table, no call, so that
// a loop over them turns into vector code on whatever processor the enclosing function is compiled
// for. One text serves both element types.
//
//   function          float           double          (largest relative error measured)
//   exp               1.0e-7          2.3e-16
//   tanh              2.5e-7          4.5e-16
//   logistic          2.0e-7          4.0e-16
//
// All are right at ±0, ±∞ and NaN; exp and the logistic function go through the subnormal numbers
// to zero.
//
// The method is the usual one: x = n·ln 2 + r with |r| ≤ ln 2 / 2, e^x = 2ⁿ·e^r, and a polynomial
// for (e^r − 1 − r)/r² (interpolated at Chebyshev points in 60 digits).
#pragma once
#include <stdint.h>

#define CK_INLINE static inline __attribute__((always_inline, unused))

CK_INLINE float ck_bits_f32(uint32_t bits) {
  union { uint32_t u; float f; } both = {.u = bits};
  return both.f;
}
CK_INLINE uint32_t ck_f32_bits(float x) {
  union { float f; uint32_t u; } both = {.f = x};
  return both.u;
}
CK_INLINE double ck_bits_f64(uint64_t bits) {
  union { uint64_t u; double f; } both = {.u = bits};
  return both.f;
}
CK_INLINE uint64_t ck_f64_bits(double x) {
  union { double f; uint64_t u; } both = {.f = x};
  return both.u;
}

// (e^r − 1 − r)/r² for |r| ≤ ln 2 / 2.
CK_INLINE float ck_exp_tail_f32(float r) {
  float q = 0.00139262508315f;
  q = q * r + 0.00836323288368f;
  q = q * r + 0.041666554213f;
  q = q * r + 0.166665766661f;
  return q * r + 0.5f;
}
CK_INLINE double ck_exp_tail_f64(double r) {
  double q = 2.5100472505694996e-8;
  q = q * r + 2.7620201591031548792e-7;
  q = q * r + 2.7557268276905696187e-6;
  q = q * r + 2.4801521057868205199e-5;
  q = q * r + 1.9841269863171556026e-4;
  q = q * r + 1.3888888917367080562e-3;
  q = q * r + 8.3333333333300381973e-3;
  q = q * r + 4.1666666666623820532e-2;
  q = q * r + 0.1666666666666666746;
  return q * r + 0.5;
}

// Adding 1.5·2^(mantissa bits) rounds to a whole number and leaves it in the low bits of the sum;
// that saves the conversion to an integer. ln 2 is split so that n·(its upper part) is exact.
//
// `magic` bits, number of mantissa bits, exponent bias; `low` and `high` are where e^x is 0 and ∞.
#define CK_DEFINE_VECMATH(T, U, S, MAGIC, MANTISSA, BIAS, LN2_HIGH, LN2_LOW, LOW, HIGH, TANH_ONE, \
                          FABS, COPYSIGN)                                                         \
  /* x → r and n, n as the bits of magic + n */                                                   \
  CK_INLINE T ck_reduce_##S(T x, U *n) {                                                          \
    T t = x * (T)1.44269504088896340736 + MAGIC;                                                  \
    T whole = t - MAGIC;                                                                          \
    *n = ck_##S##_bits(t) - ck_##S##_bits(MAGIC);                                                 \
    return (x - whole * LN2_HIGH) - whole * LN2_LOW;                                              \
  }                                                                                               \
                                                                                                  \
  CK_INLINE T ck_exp_##S(T x) {                                                                   \
    x = x > HIGH ? HIGH : x; /* written so that NaN stays NaN */                                  \
    x = x < LOW ? LOW : x;                                                                        \
    U n;                                                                                          \
    T r = ck_reduce_##S(x, &n);                                                                   \
    T e = (T)1 + (r + r * r * ck_exp_tail_##S(r));                                                \
    /* 2ⁿ in two factors: neither overflows where the product is finite or subnormal */           \
    U half = ((n + 2 * BIAS) >> 1) - BIAS;                                                        \
    return e * ck_bits_##S((half + BIAS) << MANTISSA) * ck_bits_##S((n - half + BIAS) << MANTISSA); \
  }                                                                                               \
                                                                                                  \
  /* tanh |x| = −m/(2 + m) with m = e^(−2|x|) − 1, which loses nothing where x is small */        \
  CK_INLINE T ck_tanh_##S(T x) {                                                                  \
    T z = FABS(x);                                                                                \
    z = z > TANH_ONE ? TANH_ONE : z;                                                              \
    U n;                                                                                          \
    T r = ck_reduce_##S((T)-2 * z, &n);                                                           \
    T scale = ck_bits_##S((n + BIAS) << MANTISSA);                                                \
    T m = scale * (r + r * r * ck_exp_tail_##S(r)) + (scale - (T)1);                              \
    return COPYSIGN(m / ((T)2 + m), x);                                                           \
  }                                                                                               \
                                                                                                  \
  /* σ(x) = 1/(1 + e^−x), from e^−|x| so that nothing overflows */                                \
  CK_INLINE T ck_sigmoid_##S(T x) {                                                               \
    T e = ck_exp_##S(-FABS(x));                                                                   \
    return (x < (T)0 ? e : (T)1) / ((T)1 + e);                                                    \
  }

CK_DEFINE_VECMATH(float, uint32_t, f32, 12582912.0f, 23, 127u, 0.693115234375f, 3.19461849453e-5f,
                  -104.0f, 89.0f, 20.0f, __builtin_fabsf, __builtin_copysignf)
CK_DEFINE_VECMATH(double, uint64_t, f64, 6755399441055744.0, 52, UINT64_C(1023),
                  0x1.62e42fefa2000p-1, 0x1.9ef35793c7673p-41, -746.0, 710.0, 40.0, __builtin_fabs,
                  __builtin_copysign)
