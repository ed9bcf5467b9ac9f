// Both element types of one instruction set. Define VECTOR, ROWS, FUSED (whether it has fused
// multiply-adds) and ISA before.
#define CK_JOIN3(a, b, c) a##_##b##_##c
#define CK_JOIN(a, b, c) CK_JOIN3(a, b, c)
#define CK_JOIN2_(a, b) a##_##b
#define CK_JOIN2(a, b) CK_JOIN2_(a, b)
#define F64(name) CK_JOIN(name, ISA, f64)
#define VM64(name) CK_JOIN(ck_##name, ISA, f64)

#define T double
#define IS_DOUBLE 1
#define FN(name) CK_JOIN(name, ISA, f64)
#define VM(name) CK_JOIN(ck_##name, ISA, f64)
#define ISA_S CK_JOIN2(ISA, f64)
#define UNSIGNED uint64_t
#define DEFINE_VECMATH CK_DEFINE_VECTOR_MATH_F64
#define DEFINE_VECLOG CK_DEFINE_VECLOG_F64
#define STEP ck_step_f64
#define TABLE ck_kernels_f64_t
#include "kernels_template.h"
#undef T
#undef IS_DOUBLE
#undef FN
#undef VM
#undef ISA_S
#undef UNSIGNED
#undef DEFINE_VECMATH
#undef DEFINE_VECLOG
#undef STEP
#undef TABLE

#define T float
#define IS_DOUBLE 0
#define FN(name) CK_JOIN(name, ISA, f32)
#define VM(name) CK_JOIN(ck_##name, ISA, f32)
#define ISA_S CK_JOIN2(ISA, f32)
#define UNSIGNED uint32_t
#define DEFINE_VECMATH CK_DEFINE_VECTOR_MATH_F32
#define DEFINE_VECLOG CK_DEFINE_VECLOG_F32
#define STEP ck_step_f32
#define TABLE ck_kernels_f32_t
#include "kernels_template.h"
