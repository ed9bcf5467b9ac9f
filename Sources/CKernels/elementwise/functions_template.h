// Elementwise functions whose bodies are too long for a loop that the compiler is to turn into vector
// code by itself.
//
//   function          float             double        (largest errors, in units of the last place)
//   sin, cos          2.6 ulp           2.9 ulp
//   pow               0.5               1.3
//
// exp, log and their kin are measured in math/.
#define ANY(CONDITION) (__builtin_reduce_or((BITS)(CONDITION)) != 0)

// Where every number of a vector is an ordinary one, a fifth of the work can be left out: for exp the
// range and the second factor of 2ⁿ, for log subnormal numbers and the ends.
INLINE V FN(exp_vector)(V x) {
  if (ANY(~(BITS)(FN(v_abs)(x) < PICK(707.0, 87.0f)))) return FN(v_exp)(x);
  BITS n;
  V r = FN(v_reduce)(x, &n);
  V e = (T)1 + (r + r * r * FN(v_exp_tail)(r));
  return FN(v_of_bits)(FN(v_bits)(e) + (n << (sizeof(T) == sizeof(double) ? 52 : 23)));
}

INLINE V FN(sigmoid_vector)(V x) { return FN(v_sigmoid_of)(x, FN(exp_vector)(-FN(v_abs)(x))); }
INLINE V FN(softplus_vector)(V x) { return FN(v_softplus_of)(x, FN(exp_vector)(-FN(v_abs)(x))); }

INLINE V FN(tanh_sloped)(V x, V *slope) {
  V less;
  return FN(v_tanh_slope)(x, slope, &less);
}

INLINE V FN(sigmoid_sloped)(V x, V *slope) {
  V e = FN(exp_vector)(-FN(v_abs)(x)), d = (T)1 + e;
  *slope = e / (d * d);
  return FN(v_sigmoid_of)(x, e);
}

// max(x, 0) − x·t + log(1 + e^−|x|), from terms that are none of them negative.
INLINE V FN(bce_vector)(V x, V t) {
  V size = FN(v_abs)(x), zero = FN(v_splat)(0);
  return FN(v_less)(x, zero, size * t, size * ((T)1 - t)) +
         FN(v_softplus_of)(-size, FN(exp_vector)(-size));
}

// σ(x) − t as (1 − t)·σ(x) − t·σ(−x)
INLINE V FN(bce_grad_vector)(V x, V t) {
  V e = FN(exp_vector)(-FN(v_abs)(x)), d = (T)1 + e, more = (T)1 / d, less = e / d;
  V zero = FN(v_splat)(0);
  return ((T)1 - t) * FN(v_less)(x, zero, less, more) - t * FN(v_less)(x, zero, more, less);
}

INLINE V FN(log_vector)(V x) {
  const BITS smallest = FN(v_bits)(FN(v_splat)(PICK(0x1p-1022, 0x1p-126f)));
  const BITS infinite = FN(v_bits)(FN(v_splat)((T)INFINITY));
  if (ANY(FN(v_bits)(x) - smallest >= infinite - smallest)) return FN(v_log)(x);
  V e, m = FN(v_mantissa)(x, &e);
  return FN(v_log_sum)(e, m - (T)1);
}

INLINE V FN(log1p_vector)(V x) {
  const BITS least = FN(v_bits)(FN(v_splat)(PICK(0x1p-55, 0x1p-26f)));
  const BITS most = FN(v_bits)(FN(v_splat)(PICK(0x1p50, 0x1p20f)));
  if (ANY((FN(v_bits)(FN(v_abs)(x)) - least >= most - least) | (x <= (T)-1))) return FN(v_log1p)(x);
  V u = (T)1 + x, e, m = FN(v_mantissa)(u, &e);
  V scale = FN(v_of_bits)(FN(v_bits)(m) - FN(v_bits)(u) + FN(v_bits)(FN(v_splat)(1)));
  return FN(v_log_sum)(e, (m - (T)1) + scale * (x - (u - (T)1)));
}

// sin(h·π/2 + r) for h = 2q or h = 2q + 1, where x = h·π/2 + r and |r| ≤ π/2: ± sin r.
//
// π/2 comes in parts so short that h times each but the last is exact (Cody & Waite 1980), up to the
// limit below; what the last subtractions round off is kept in `rest`. sin r = r + r³·P(r²), P
// interpolated at Chebyshev points in 60 digits.
INLINE V FN(sine_of_rest)(V x, V h, BITS sign) {
  V r = x - h * PICK(0x1.921fb544p+0, 0x1.92p+0f);
  if (sizeof(T) == sizeof(float)) r = r - h * 0x1.fb4p-12f;
  V second = h * PICK(0x1.0b4611a6p-34, 0x1.444p-24f);
  V third = h * PICK(0x1.3198a2e037073p-69, 0x1.68c234p-39f);
  V once = r - second, twice = once - third;
  V rest = ((r - once) - second) + ((once - twice) - third);
  V z = twice * twice, z2 = z * z, p;
  if (sizeof(T) == sizeof(float)) {
    V a = z * (T)0.008333332769 + (T)-0.1666666666;
    V b = z * (T)2.753645944e-6 + (T)-0.0001984108651;
    p = a + (b + z2 * (T)-2.408009509e-8) * z2;
  } else {
    V a = z * (T)0.008333333333333315857 + (T)-0.1666666666666666663;
    V b = z * (T)2.755731921916083259e-6 + (T)-0.0001984126984125496488;
    V c = z * (T)1.60589772926427429e-10 + (T)-2.505210761669044982e-8;
    V d = z * (T)2.731436876937989188e-15 + (T)-7.643969663988074354e-13;
    p = (a + b * z2) + (c + d * z2) * (z2 * z2);
  }
  V y = twice + (twice * (z * p) + rest * ((T)1 - (T)0.5 * z));
  return FN(v_of_bits)(FN(v_bits)(y) ^ sign << (8 * sizeof(T) - 1));
}

// Beyond these, and at ±∞, the math library is asked.
#define LONGEST_ANGLE PICK(1e6, 1e4f)

// Adding 1.5·2^(mantissa bits) rounds to a whole number, whose lowest bit is that of the sum.
#define ROUNDING PICK(6755399441055744.0, 12582912.0f)

INLINE V FN(sin_vector)(V x) {
  V t = x * (T)0.318309886183790671538 + ROUNDING, q = t - ROUNDING;
  V y = FN(sine_of_rest)(x, q + q, FN(v_bits)(t));
  y = FN(v_less)(FN(v_abs)(x), FN(v_splat)(PICK(0x1p-30, 0x1p-14f)), x, y);  // keeps the sign of −0
  if (ANY(FN(v_abs)(x) > LONGEST_ANGLE))
    for (int l = 0; l < LANES; l++)
      if (fabs((double)x[l]) > LONGEST_ANGLE) y[l] = (T)sin((double)x[l]);
  return y;
}

INLINE V FN(cos_vector)(V x) {
  V t = (x * (T)0.318309886183790671538 - (T)0.5) + ROUNDING, q = t - ROUNDING;
  V y = FN(sine_of_rest)(x, (q + q) + (T)1, ~FN(v_bits)(t));
  if (ANY(FN(v_abs)(x) > LONGEST_ANGLE))
    for (int l = 0; l < LANES; l++)
      if (fabs((double)x[l]) > LONGEST_ANGLE) y[l] = (T)cos((double)x[l]);
  return y;
}

// MARK: Powers

#if IS_DOUBLE
#if FUSED
// log x and what its rounding loses. With log(1 + f) = 2·atanh s, each number of the series that
// matters is kept in two: the value and its error, which a fused multiply-add gives exactly.
INLINE V FN(long_log)(V x, V *rest) {
  const V smallest = FN(v_splat)(0x1p-1022);
  V e, m = FN(v_mantissa)(x * FN(v_less)(x, smallest, FN(v_splat)(0x1p54), FN(v_splat)(1)), &e);
  e = e - FN(v_less)(x, smallest, FN(v_splat)(54), FN(v_splat)(0));
  V f = m - 1, d = m + 1, d_rest = m - (d - 1);
  V s = f / d, s_rest = (__builtin_elementwise_fma(-s, d, f) - s * d_rest) / d;
  V z = s * s, z_rest = __builtin_elementwise_fma(s, s, -z) + 2 * s * s_rest;
  V z2 = z * z;
  V a = (z * 0.1428571428571468283 + 0.1999999999999999991) +
        (z * 0.09090909167657201539 + 0.1111111111082811577) * z2;
  V b = (z * 0.06667402119112672262 + 0.07692297485447728909) +
        (z * 0.0586152551404887646 + 0.05853124270461192668) * z2;
  V tail = z * (a + b * (z2 * z2));
  // 1/3 + tail, times z, times s
  V c = 0x1.5555555555555p-2 + tail, c_rest = (0x1.5555555555555p-2 - c) + tail + 0x1.5555555555555p-56;
  V w = z * c, w_rest = __builtin_elementwise_fma(z, c, -w) + (z * c_rest + z_rest * c);
  V p = s * w, p_rest = __builtin_elementwise_fma(s, w, -p) + (s * w_rest + s_rest * w);
  V half = s + p, half_rest = (s - half) + p + (s_rest + p_rest);
  V whole = e * 0x1.62e42fefa38p-1, sum = whole + 2 * half;
  *rest = (whole - sum) + 2 * half + (2 * half_rest + e * 0x1.ef35793c7673p-45);
  return FN(v_log_ends)(x, sum);
}

INLINE V FN(power_of_size)(V x, V y) {
  V log_rest, log = FN(long_log)(x, &log_rest);
  V exponent = y * log, rest = __builtin_elementwise_fma(y, log, -exponent) + y * log_rest;
  // nothing is lost where the result is 0, ∞ or NaN
  rest = FN(v_less)(FN(v_abs)(exponent), FN(v_splat)(1000), rest, FN(v_splat)(0));
  BITS n;
  V r = FN(v_reduce)(FN(v_exp_range)(exponent), &n);
  return FN(v_exp_sum)(r + rest, n);
}
#endif

// What the logarithm of |x| does not say: y = 0, |x| = 1, and the sign.
INLINE V FN(power_ends)(V x, V y, V power) {
  const V one = FN(v_splat)(1), size = FN(v_abs)(x);
  power = FN(v_less)(FN(v_abs)(y), FN(v_splat)(0x1p-1074), one, power);
  power = FN(v_less)(FN(v_abs)(size - 1), FN(v_splat)(0x1p-60), one, power);
  BITS negative = FN(v_bits)(x) >> 63;
  if (!ANY(negative != 0)) return power;
  V half = 0.5 * y;
  BITS broken = (BITS)(__builtin_elementwise_floor(y) != y);
  BITS odd = ~broken & (BITS)(__builtin_elementwise_floor(half) != half);
  BITS none = broken & (BITS)(size > 0) & (BITS)(size != INFINITY);
  BITS bits = FN(v_bits)(power) ^ (odd & negative << 63);
  return FN(v_of_bits)(bits | (none & -negative));
}
#endif

// Up to `left` numbers that stand `stride` apart (0 repeats one), zeros behind them.
INLINE V FN(load_strided)(const T *p, long stride, long left) {
  if (stride == 1 && left >= LANES) return AT_CONST(p);
  V x = {0};
  if (stride == 0) return x + *p;
  for (long l = 0; l < LANES && l < left; l++) x[l] = p[l * stride];
  return x;
}

INLINE void FN(store_first)(T *p, V x, long left) {
  if (left >= LANES) AT(p) = x;
  else memcpy(p, &x, (size_t)left * sizeof(T));
}

INLINE V FN(power_vector)(V x, V y) {
#if IS_DOUBLE && FUSED
  return FN(power_ends)(x, y, FN(power_of_size)(FN(v_abs)(x), y));
#elif IS_DOUBLE
  for (int l = 0; l < LANES; l++) x[l] = pow(x[l], y[l]);
  return x;
#else  // in Double, one half after the other
  V power;
  for (int part = 0; part < 2; part++) {
    typedef T half __attribute__((vector_size(VECTOR / 2)));
    half a, b, c;
    memcpy(&a, (const char *)&x + part * (int)sizeof(half), sizeof(half));
    memcpy(&b, (const char *)&y + part * (int)sizeof(half), sizeof(half));
    F64(vec) base = __builtin_convertvector(a, F64(vec));
    F64(vec) exponent = __builtin_convertvector(b, F64(vec));
    F64(vec) size = F64(exp_vector)(exponent * F64(log_vector)(F64(v_abs)(base)));
    c = __builtin_convertvector(F64(power_ends)(base, exponent, size), half);
    memcpy((char *)&power + part * (int)sizeof(half), &c, sizeof(half));
  }
  return power;
#endif
}

// MARK: Loops

#define DEFINE_FUNCTION_OF_TWO(NAME)                                                              \
  static void FN(NAME)(long n, const void *a, long stride_a, const void *b, long stride_b,        \
                       void *out) {                                                               \
    const T *x = a, *y = b;                                                                       \
    T *p = out;                                                                                   \
    for (; n > 0; n -= LANES, x += LANES * stride_a, y += LANES * stride_b, p += LANES)           \
      FN(store_first)(p, FN(NAME##_vector)(FN(load_strided)(x, stride_a, n),                      \
                                           FN(load_strided)(y, stride_b, n)), n);                 \
  }
DEFINE_FUNCTION_OF_TWO(power)
DEFINE_FUNCTION_OF_TWO(bce)
DEFINE_FUNCTION_OF_TWO(bce_grad)

// Most powers are squares, roots and the like of a whole array.
static void FN(pow)(long n, const void *a, long sa, const void *b, long sb, void *out) {
  const T exponent = *(const T *)b;
  if (sa == 1 && sb == 0) {
    if (exponent == 1) memmove(out, a, (size_t)n * sizeof(T));
    if (exponent == 2) FN(mul)(n, a, 1, a, 1, out);
    if (exponent == 3) FN(cube)(n, a, out);
    if (exponent == (T)0.5) FN(root)(n, a, out);
    if (exponent == -1) FN(reciprocal)(n, a, out);
    if (exponent == 1 || exponent == 2 || exponent == 3 || exponent == (T)0.5 || exponent == -1)
      return;
  }
  FN(power)(n, a, sa, b, sb, out);
}

#define DEFINE_SLOPED(NAME)                                                                       \
  static void FN(NAME##_slopes)(long n, const void *a, void *out, void *slopes) {                 \
    const T *x = a;                                                                               \
    T *y = out, *s = slopes;                                                                      \
    for (; n > 0; n -= LANES, x += LANES, y += LANES, s += LANES) {                               \
      V slope, value = FN(NAME##_sloped)(FN(load_strided)(x, 1, n), &slope);                      \
      FN(store_first)(y, value, n);                                                               \
      FN(store_first)(s, slope, n);                                                               \
    }                                                                                             \
  }
DEFINE_SLOPED(tanh)
DEFINE_SLOPED(sigmoid)

#define DEFINE_FUNCTION(NAME, FUNCTION)                                                           \
  static void FN(NAME)(long n, const void *a, void *out) {                                        \
    const T *x = a;                                                                               \
    T *y = out;                                                                                   \
    for (; n >= LANES; n -= LANES, x += LANES, y += LANES) AT(y) = FUNCTION(AT_CONST(x));         \
    if (n > 0) FN(store_first)(y, FUNCTION(FN(load_strided)(x, 1, n)), n);                        \
  }
DEFINE_FUNCTION(exp, FN(exp_vector))
DEFINE_FUNCTION(expm1, FN(v_expm1))
DEFINE_FUNCTION(log, FN(log_vector))
DEFINE_FUNCTION(log1p, FN(log1p_vector))
DEFINE_FUNCTION(tanh, FN(v_tanh))
DEFINE_FUNCTION(sigmoid, FN(sigmoid_vector))
DEFINE_FUNCTION(softplus, FN(softplus_vector))
DEFINE_FUNCTION(sin, FN(sin_vector))
DEFINE_FUNCTION(cos, FN(cos_vector))
