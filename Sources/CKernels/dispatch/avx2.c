// AVX2 with FMA: 16 registers of 32 bytes.
#include "dispatch/names.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define VECTOR 32
#define ROWS 6
#define FUSED 1
#define ISA avx2
#include "dispatch/both_types.h"
#pragma clang attribute pop
#endif
