#pragma once

#include "alloc.h"
#include "elementwise.h"
#include "reduce.h"
#include "blas.h"
