// What every processor of the architecture has: 16 registers of 16 bytes on x86-64, 32 on Arm.
#include "dispatch/names.h"

#define VECTOR 16
#if defined(__aarch64__)
#define ROWS 12
#define FUSED 1
#else
#define ROWS 6
#define FUSED 0
#endif
#define ISA base
#include "dispatch/both_types.h"
