// exp, tanh and the logistic function as straight-line code: no branch, no table, no call, so that
// a loop over them turns into vector code on whatever processor the enclosing function is compiled
// for. One text serves both element types, and numbers as well as vectors of them (names.h).
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
//
// V is a number or a vector of them, U the unsigned integers of the same size, M(name) the function
// for such; T, as everywhere, the element type.
#include "math/constants.h"

// What differs between a number and a vector: seeing its bits as U and back, and choosing.
#if IS_VECTOR
// A vector's comparison gives all bits set where it holds.
INLINE V M(of_bits)(U bits) { return (V)bits; }
INLINE U M(bits)(V x) { return (U)x; }
INLINE V M(less)(V a, V b, V yes, V no) {
  U holds = (U)(a < b);
  return (V)((holds & (U)yes) | (~holds & (U)no));
}
#else
INLINE V M(of_bits)(U bits) {
  union { U u; V x; } both = {.u = bits};
  return both.x;
}
INLINE U M(bits)(V x) {
  union { V x; U u; } both = {.x = x};
  return both.u;
}
INLINE V M(less)(V a, V b, V yes, V no) { return a < b ? yes : no; }
#endif

// (e^r − 1 − r)/r² for |r| ≤ ln 2 / 2.
#if IS_DOUBLE
INLINE V M(exp_tail)(V r) {
  // pairs of terms do not wait for each other as one long chain of them would
  V r2 = r * r, r4 = r2 * r2;
  V a = (r * 0.1666666666666666746 + 0.5) +
        (r * 8.3333333333300381973e-3 + 4.1666666666623820532e-2) * r2;
  V b = (r * 1.9841269863171556026e-4 + 1.3888888917367080562e-3) +
        (r * 2.7557268276905696187e-6 + 2.4801521057868205199e-5) * r2;
  V c = r * 2.5100472505694996e-8 + 2.7620201591031548792e-7;
  return a + (b + c * r4) * r4;
}
#else
INLINE V M(exp_tail)(V r) {
  V q = r * 0.00139262508315f + 0.00836323288368f;
  q = q * r + 0.041666554213f;
  q = q * r + 0.166665766661f;
  return q * r + 0.5f;
}
#endif

INLINE V M(splat)(T x) { return (V){0} + x; }
INLINE V M(abs)(V x) { return M(of_bits)(M(bits)(x) << 1 >> 1); }

// x → r and n
INLINE V M(reduce)(V x, U *n) {
  V t = x * (T)1.44269504088896340736 + MAGIC;
  V whole = t - MAGIC;
  *n = M(bits)(t) - MAGIC_BITS;
  return (x - whole * LN2_HIGH) - whole * LN2_LOW;
}

// x where e^x is neither 0 nor ∞, in an order in which NaN stays NaN
INLINE V M(exp_range)(V x) {
  x = M(less)(M(splat)(HIGH), x, M(splat)(HIGH), x);
  return M(less)(x, M(splat)(LOW), M(splat)(LOW), x);
}

// 2ⁿ·e^r, 2ⁿ in two factors: neither overflows where the product is finite or subnormal
INLINE V M(exp_sum)(V r, U n) {
  V e = (T)1 + (r + r * r * M(exp_tail)(r));
  U half = ((n + 2 * BIAS) >> 1) - BIAS;
  return e * M(of_bits)((half + BIAS) << MANTISSA) * M(of_bits)((n - half + BIAS) << MANTISSA);
}

INLINE V M(exp)(V x) {
  U n;
  V r = M(reduce)(M(exp_range)(x), &n);
  return M(exp_sum)(r, n);
}

// tanh |x| = −m/(2 + m) with m = e^(−2|x|) − 1, which loses nothing where x is small
INLINE V M(tanh)(V x) {
  V z = M(abs)(x);
  z = M(less)(M(splat)(TANH_ONE), z, M(splat)(TANH_ONE), z);
  U n;
  V r = M(reduce)((T)-2 * z, &n);
  V scale = M(of_bits)((n + BIAS) << MANTISSA);
  V m = scale * (r + r * r * M(exp_tail)(r)) + (scale - (T)1);
  // the quotient is −tanh |x|; it takes the sign of x
  U bits = M(bits)(m * ((T)1 / ((T)2 + m))) << 1 >> 1;
  return M(of_bits)(bits | (M(bits)(x) ^ M(bits)(M(abs)(x))));
}

// tanh x and 1 − tanh² x = 4·e^(−2|x|)/(1 + e^(−2|x|))²: from tanh x, which is 1 to the last digit
// where x is 9, the slope could not be told. *less = 1 − |tanh x|
INLINE V M(tanh_slope)(V x, V *slope, V *less) {
  U n;
  V r = M(reduce)(M(exp_range)((T)-2 * M(abs)(x)), &n);
  V q = r + r * r * M(exp_tail)(r);
  U half = ((n + 2 * BIAS) >> 1) - BIAS;
  V first = M(of_bits)((half + BIAS) << MANTISSA);
  V second = M(of_bits)((n - half + BIAS) << MANTISSA), scale = first * second;
  V m = scale * q + (scale - (T)1), inverse = (T)1 / ((T)2 + m);
  *less = (T)2 * inverse * (((T)1 + q) * first * second);
  *slope = *less * ((T)2 - *less);
  U bits = M(bits)(m * inverse) << 1 >> 1;
  return M(of_bits)(bits | (M(bits)(x) ^ M(bits)(M(abs)(x))));
}

// e^x − 1 = (2ⁿ·(e^r − 1)) + (2ⁿ − 1), halved on the way because n may be one too large
INLINE V M(expm1)(V x) {
  V z = M(less)(M(splat)(HIGH), x, M(splat)(HIGH), x);
  z = M(less)(z, M(splat)(-TANH_ONE), M(splat)(-TANH_ONE), z);
  U n;
  V r = M(reduce)(z, &n);
  V scale = M(of_bits)((n + (BIAS - 1)) << MANTISSA);
  V m = scale * (r + r * r * M(exp_tail)(r)) + (scale - (T)0.5);
  return M(less)(M(abs)(x), M(splat)(TINY), x, m + m);
}

// σ(x) = 1/(1 + e^−x), from e^−|x| so that nothing overflows
INLINE V M(sigmoid_of)(V x, V e) { return M(less)(x, M(splat)(0), e, M(splat)(1)) / ((T)1 + e); }
INLINE V M(sigmoid)(V x) { return M(sigmoid_of)(x, M(exp)(-M(abs)(x))); }

// the smaller of σ(x) and 1 − σ(x), that is σ(−|x|)
INLINE V M(sigmoid_less)(V x) {
  V e = M(exp)(-M(abs)(x));
  return e / ((T)1 + e);
}

// e^(a − b), with what the difference is rounded by: of −80 it would be 4 millionths
INLINE V M(exp_difference)(V a, V b) {
  V d = a - b, back = a - d, lost = (a - (d + back)) + (back - b), e = M(exp)(d);
  return M(less)(M(abs)(lost), M(splat)(1), e + e * lost, e);
}
