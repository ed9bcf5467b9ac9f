// How a function of the kernels is named, and what the files `…_template.h` may take for granted.
//
// These files are written once and compiled for each element type and instruction set (base.c, avx2.c,
// avx512.c: three times two). They see
//
//   T         the element type, float or double; TYPE is its suffix, f32 or f64
//   ISA       the instruction set: base, avx2 or avx512
//   VECTOR    the bytes of one vector register; LANES numbers of type T
//   ROWS      the rows of the largest tile of a matrix product
//   FUSED     whether there are fused multiply-adds
//   FN(name)  the function of that name for these: FN(gemm) is gemm_avx2_f32
//
// All that they define is `static`: the outside reaches it by the table of kernels.h alone.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "dispatch/kernels.h"
#include "math/constants.h"
#include "math/wide.h"

#define CK_NAME_OF(name, isa, type) name##_##isa##_##type
#define CK_NAME(name, isa, type) CK_NAME_OF(name, isa, type)

#define FN(name) CK_NAME(name, ISA, TYPE)
/// The same for Doubles, whatever T is.
#define F64(name) CK_NAME(name, ISA, f64)

#define LANES (VECTOR / (int)sizeof(T))
#define WIDTH (2 * LANES)

#define INLINE static inline __attribute__((always_inline, unused))
#define UNUSED __attribute__((unused))
#define UNROLLED _Pragma("clang loop unroll(full)")
