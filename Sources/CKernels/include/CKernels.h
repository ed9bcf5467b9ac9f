#pragma once

#include "alloc.h"
#include "cpu.h"
#include "elementwise.h"
#include "gemm.h"
#include "optim.h"
#include "recurrent.h"
#include "reduce.h"
#include "softmax.h"
#include "threads.h"
