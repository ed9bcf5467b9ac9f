// Both element types of one instruction set. Define VECTOR, ROWS and ISA before.
#define CK_JOIN3(a, b, c) a##_##b##_##c
#define CK_JOIN(a, b, c) CK_JOIN3(a, b, c)
#define CK_JOIN2_(a, b) a##_##b
#define CK_JOIN2(a, b) CK_JOIN2_(a, b)

#define T float
#define FN(name) CK_JOIN(name, ISA, f32)
#define VM(name) CK_JOIN(ck_##name, ISA, f32)
#define ISA_S CK_JOIN2(ISA, f32)
#define UNSIGNED uint32_t
#define DEFINE_VECMATH CK_DEFINE_VECTOR_MATH_F32
#define STEP ck_step_f32
#define TABLE ck_kernels_f32_t
#include "kernels_template.h"
#undef T
#undef FN
#undef VM
#undef ISA_S
#undef UNSIGNED
#undef DEFINE_VECMATH
#undef STEP
#undef TABLE

#define T double
#define FN(name) CK_JOIN(name, ISA, f64)
#define VM(name) CK_JOIN(ck_##name, ISA, f64)
#define ISA_S CK_JOIN2(ISA, f64)
#define UNSIGNED uint64_t
#define DEFINE_VECMATH CK_DEFINE_VECTOR_MATH_F64
#define STEP ck_step_f64
#define TABLE ck_kernels_f64_t
#include "kernels_template.h"
