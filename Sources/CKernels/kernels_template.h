// One instruction set's table for one element type; see tile_template.h for what to define first.
#include "tile_template.h"
#include "gates_template.h"
#include "functions_template.h"

const TABLE FN(ck) = {
    .lanes = LANES,
    .rows = ROWS,
    .tile = {TILES(1), TILES(2), TILES(3), TILES(4), TILES(5), TILES(6),
#if ROWS == 12
             TILES(7), TILES(8), TILES(9), TILES(10), TILES(11), TILES(12)
#endif
    },
    .dots = FN(dots),
    .pack = FN(pack),
    .combine = FN(combine),
    .forward = {FN(rnn_tanh_forward), FN(rnn_relu_forward), FN(lstm_forward), FN(gru_forward)},
    .backward = {FN(rnn_tanh_backward), FN(rnn_relu_backward), FN(lstm_backward), FN(gru_backward)},
    .exp = FN(exp),
    .expm1 = FN(expm1),
    .log = FN(log),
    .log1p = FN(log1p),
    .tanh = FN(tanh),
    .sigmoid = FN(sigmoid),
    .softplus = FN(softplus),
    .sin = FN(sin),
    .cos = FN(cos),
    .power = FN(power),
    .bce = FN(bce),
    .bce_grad = FN(bce_grad),
    .tanh_slopes = FN(tanh_slopes),
    .sigmoid_slopes = FN(sigmoid_slopes),
};
