// All kernels of one instruction set for one element type, and their table.
#include "math/vectors_template.h"

#include "elementwise/arithmetic_template.h"
#include "elementwise/functions_template.h"
#include "elementwise/moves_template.h"
#include "reductions/sums_template.h"
#include "reductions/softmax_template.h"
#include "products/tile_template.h"
#include "products/packing_template.h"
#include "products/gemm_template.h"
#include "recurrent/gates_template.h"
#include "recurrent/sparse_template.h"
#include "recurrent/peephole_template.h"
#include "recurrent/sequence_template.h"
#include "recurrent/forward_template.h"
#include "recurrent/backward_template.h"
#include "optimizers/steps_template.h"

#define AT_ITS_PLACE(op, name) [op] = FN(name),
#define BY_ITS_NAME(result, name, parameters) .name = FN(name),
const ck_kernels FN(ck) = {
    .binary = {CK_BINARY_OPS(AT_ITS_PLACE)},
    .unary = {CK_UNARY_OPS(AT_ITS_PLACE)},
    .reduce = {CK_REDUCTIONS(AT_ITS_PLACE)},
    CK_KERNELS(BY_ITS_NAME)
};
#undef AT_ITS_PLACE
#undef BY_ITS_NAME
#undef V
