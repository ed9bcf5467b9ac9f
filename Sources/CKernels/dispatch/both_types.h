// Both element types of one instruction set: define ISA, VECTOR, ROWS and FUSED before (names.h).
// A kernel that no table names was forgotten in the lists of kernels.h.
#pragma clang diagnostic error "-Wunused-function"

#define T double
#define TYPE f64
#define IS_DOUBLE 1
#define UNSIGNED uint64_t
#include "dispatch/every_kernel.h"
#undef T
#undef TYPE
#undef IS_DOUBLE
#undef UNSIGNED

#define T float
#define TYPE f32
#define IS_DOUBLE 0
#define UNSIGNED uint32_t
#include "dispatch/every_kernel.h"
