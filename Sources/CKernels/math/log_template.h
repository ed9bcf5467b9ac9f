// log, log(1 + x) and softplus as straight-line code, as exp_template.h has exp and tanh.
//
//   function          float             double        (largest errors, in units of the last place)
//   log               0.9 ulp           0.9 ulp
//   log1p             1.5               1.4
//   softplus          1.9               1.9
//
// All rest on log(1 + f) = 2·atanh s with s = f/(2 + f), and 2·atanh s = f − s·(f − 2·s²·(…)): the
// large part, f, is exact. For log x = e·ln 2 + log m with √½ ≤ m < √2, s² ≤ 0.03; for log(1 + u) with
// 0 ≤ u ≤ 1, s² ≤ 1/9. The polynomials are interpolated at Chebyshev points in 60 digits.
#include "math/constants.h"

// (atanh(s) / s − 1) / s² as a polynomial in z = s²: for z ≤ 0.03, and for z ≤ 1/9.
#if IS_DOUBLE
INLINE V M(atanh_small)(V z) {
  V z2 = z * z;
  V a = z * 0.1999999999994975224 + 0.3333333333333334843;
  V b = z * 0.1111110556739753993 + 0.1428571431298774246;
  V c = z * 0.07665860800278020634 + 0.0909144456263086104;
  return a + (b + (c + z2 * 0.0730822484252170293) * z2) * z2;
}
INLINE V M(atanh_third)(V z) {
  V z2 = z * z, z4 = z2 * z2;
  V a = (z * 0.2000000000000729134 + 0.3333333333333332928) +
        (z * 0.1111111135871393149 + 0.1428571428355437858) * z2;
  V b = (z * 0.07692785032479311552 + 0.09090894718066429085) +
        (z * 0.06000536404795356268 + 0.06657072104827468075) * z2;
  V c = z * 0.0808202280597176611 + 0.04400369243072336941;
  return a + (b + c * z4) * z4;
}
#else
INLINE V M(atanh_small)(V z) {
  return (z * 0.147899747f + 0.1999439028f) * z + 0.3333334252f;
}
INLINE V M(atanh_third)(V z) {
  V a = z * 0.1999985317f + 0.3333333366f, b = z * 0.108532879f + 0.14296179f;
  V z2 = z * z;
  return a + (b + z2 * 0.1161216461f) * z2;
}
#endif

// x = 2ᵉ·m with √½ ≤ m < √2, for a normal x > 0
INLINE V M(mantissa)(V x, V *e) {
  const U root = M(bits)(M(splat)(HALF_ROOT));
  U bits = M(bits)(x) - root + (BIAS << MANTISSA);
  *e = M(of_bits)(bits >> MANTISSA | WHOLE_BITS) - (WHOLE + (T)BIAS);
  return M(of_bits)((bits & FRACTION) + root);
}

// e·ln 2 + log(1 + f) for √½ ≤ 1 + f < √2
INLINE V M(log_sum)(V e, V f) {
  V s = f / ((T)2 + f), z = s * s;
  V tail = (T)2 * z * M(atanh_small)(z);
  return e * LN2_HIGH + (f + (e * LN2_LOW - s * (f - tail)));
}

// y, but the logarithm's own value where x is 0, negative, ∞ or NaN
INLINE V M(log_ends)(V x, V y) {
  const V zero = M(splat)(0), infinite = M(splat)((T)INFINITY);
  V end = M(less)(x, zero, M(splat)((T)NAN), -infinite);
  return M(less)(x, M(splat)(SMALLEST / WHOLE), end, M(less)(x, infinite, y, x));
}

INLINE V M(log)(V x) {
  // subnormal numbers, made normal
  const V smallest = M(splat)(SMALLEST);
  V lifted = x * M(less)(x, smallest, M(splat)(LIFT), M(splat)(1)), e;
  V m = M(mantissa)(lifted, &e);
  e = e - M(less)(x, smallest, M(splat)(LIFT_LOG2), M(splat)(0));
  return M(log_ends)(x, M(log_sum)(e, m - (T)1));
}

// log of u = 1 + x, where m takes back, scaled like u, what the sum has lost of x
INLINE V M(log1p)(V x) {
  V u = (T)1 + x, e;
  V lost = x - (u - (T)1);
  V m = M(mantissa)(u, &e);
  V scale = M(of_bits)(M(bits)(m) - M(bits)(u) + M(bits)(M(splat)(1)));
  scale = M(less)(x, M(splat)(WHOLE * 4), scale, M(splat)(0));
  V y = M(log_ends)(u, M(log_sum)(e, (m - (T)1) + scale * lost));
  return M(less)(M(abs)(x), M(splat)(TINY), x, y);
}

// max(x, 0) + log(1 + e^−|x|)
INLINE V M(softplus_of)(V x, V u) {
  V s = u / ((T)2 + u), z = s * s;
  V tail = (T)2 * z * M(atanh_third)(z);
  return M(less)(x, M(splat)(0), M(splat)(0), x) + (u - s * (u - tail));
}
INLINE V M(softplus)(V x) { return M(softplus_of)(x, M(exp)(-M(abs)(x))); }
