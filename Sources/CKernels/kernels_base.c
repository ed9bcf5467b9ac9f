// What every processor of the architecture has: 16 registers of 16 bytes on x86-64, 32 on Arm.
#include "kernels.h"
#include "vecmath.h"

#define VECTOR 16
#if defined(__aarch64__)
#define ROWS 12
#else
#define ROWS 6
#endif
#define ISA base
#include "kernels_both.h"
