// AVX-512: 32 registers of 64 bytes, so a tile of 12 × 2 vectors leaves room for the operands.
#include "dispatch/names.h"

#if defined(__x86_64__)
// Features, not `arch=x86-64-v4`: that tunes for halves of the registers and splits every vector.
#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi,bmi2"))),     \
    apply_to = function)
#define VECTOR 64
#define ROWS 12
#define FUSED 1
#define ISA avx512
#include "dispatch/both_types.h"
#pragma clang attribute pop
#endif
