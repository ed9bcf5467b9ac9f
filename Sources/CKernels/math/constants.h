// What exp_template.h and log_template.h need to know of the element type T.
#pragma once
#include <math.h>
#include <stdint.h>

#define IS_WIDE (sizeof(T) == sizeof(double))
#define PICK(DOUBLE, FLOAT) ((T)(IS_WIDE ? (DOUBLE) : (FLOAT)))
#define PICK_BITS(DOUBLE, FLOAT) ((UNSIGNED)(IS_WIDE ? (DOUBLE) : (FLOAT)))

// The parts of a number: bits of the mantissa, and what the exponent is lifted by.
#define MANTISSA (IS_WIDE ? 52 : 23)
#define FRACTION PICK_BITS(UINT64_C(0xfffffffffffff), 0x7fffff)
#define BIAS PICK_BITS(1023, 127)

// Adding 1.5·2^(mantissa bits) rounds to a whole number and leaves it in the low bits of the sum; that
// saves the conversion to an integer.
#define MAGIC PICK(6755399441055744.0, 12582912.0)
#define MAGIC_BITS PICK_BITS(UINT64_C(0x4338000000000000), 0x4b400000)

// A whole number becomes a T as the low bits of 2^MANTISSA.
#define WHOLE PICK(0x1p52, 0x1p23)
#define WHOLE_BITS PICK_BITS(UINT64_C(0x4330000000000000), 0x4b000000)

// ln 2 is split so that n·(its upper part) is exact.
#define LN2_HIGH PICK(0x1.62e42fefa2000p-1, 0.693115234375)
#define LN2_LOW PICK(0x1.9ef35793c7673p-41, 3.19461849453e-5f)

// Where e^x is 0 and ∞, where tanh is 1, and where eˣ − 1 and log(1 + x) are x.
#define LOW PICK(-746.0, -104.0)
#define HIGH PICK(710.0, 89.0)
#define TANH_ONE PICK(40.0, 20.0)
#define TINY PICK(0x1p-55, 0x1p-26)

// √½; the smallest normal number, and what lifts smaller ones above it.
#define HALF_ROOT PICK(0x1.6a09e667f3bcdp-1, 0x1.6a09e6p-1)
#define SMALLEST PICK(0x1p-1022, 0x1p-126)
#define LIFT PICK(0x1p54, 0x1p25)
#define LIFT_LOG2 PICK(54.0, 25.0)
