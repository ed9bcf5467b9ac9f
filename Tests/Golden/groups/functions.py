"""Activation functions of later years, running sums, Einstein's sums, attention, and the losses and
layers for sequences that are not aligned: CTC and the linear-chain CRF (of the package pytorch-crf)."""

import torch
import torch.nn.functional as F
from torch import nn
from torchcrf import CRF

from golden import case, integers, literal, numbers
from groups.layers import layer
from groups.losses import REDUCTIONS

ENDS = literal([-30.0, -9.0, -1e-3, 0.0, 1e-3, 9.0, 30.0], "both ends")
SHAPES = [(), (4,), (2, 3), (37,)]

ACTIVATIONS = [
    ("erf", torch.erf, {}), ("gelu", F.gelu, {}), ("silu", F.silu, {}),
    ("leaky_relu", F.leaky_relu, {}), ("leaky_relu", F.leaky_relu, {"negative_slope": 0.2}),
    ("elu", F.elu, {}), ("elu", F.elu, {"alpha": 0.3}),
]
CUMSUM = [((5,), 0), ((2, 3), 0), ((2, 3), 1), ((2, 3, 4), 1), ((2, 3, 4), -1), ((3, 1), 1)]
TOPK = [  # shape, k, dim, largest
    ((5,), 2, 0, True), ((3, 4), 1, 1, True), ((3, 4), 4, 1, False), ((3, 4), 2, 0, True),
    ((2, 5, 3), 3, 1, False),
]
EINSUM = [
    ("ij->ji", [(2, 3)]), ("ij->", [(2, 3)]), ("ij->j", [(2, 3)]), ("ii->i", [(3, 3)]),
    ("ii", [(3, 3)]), ("ij,jk->ik", [(2, 3), (3, 4)]), ("i,j->ij", [(2,), (3,)]),
    ("bqd,bkd->bqk", [(2, 3, 4), (2, 5, 4)]), ("bij,bjk", [(2, 3, 4), (2, 4, 2)]),
    ("ij,ij->i", [(2, 3), (2, 3)]), ("ij,jk,kl->li", [(2, 3), (3, 2), (2, 4)]),
    ("bn,anm,bm->ba", [(2, 3), (4, 3, 5), (2, 5)]),
]
CONV = [  # batch, channels in and out, kernel, time, further settings
    (2, 3, 4, 3, 6, {}), (1, 1, 1, 1, 3, {}), (2, 2, 3, 2, 7, {"stride": 2}),
    (2, 2, 3, 3, 5, {"padding": 1}), (1, 2, 2, 3, 9, {"dilation": 2, "padding": 2, "stride": 2}),
    (2, 2, 2, 2, 4, {"bias": False}),
]
CTC = [  # steps, batch, classes, targets, lengths of the inputs and of the targets, further settings
    (6, 2, 4, [[1, 2], [3, 3]], [6, 5], [2, 2], {}),
    (5, 1, 3, [[1, 1]], [5], [2], {}),
    (7, 3, 5, [[1, 2, 3], [4, 4, 0], [2, 0, 0]], [7, 5, 4], [3, 2, 1], {}),
    (4, 2, 3, [[0, 1], [1, 1]], [4, 4], [2, 1], {"blank": 2}),
    (3, 2, 3, [[1, 1], [2, 1]], [2, 3], [2, 2], {"zero_infinity": True}),
    (4, 2, 3, [[1, 2], [1, 2]], [4, 3], [0, 2], {}),
]
ATTENTION = [  # queries, keys, values
    ((3, 4), (5, 4), (5, 2)), ((2, 3, 4), (2, 5, 4), (2, 5, 4)), ((2, 2, 1, 3), (2, 2, 4, 3), (2, 2, 4, 1)),
]
TAGGING = [((4, 2, 3), [4, 2]), ((1, 1, 2), [1]), ((5, 3, 4), [3, 5, 1])]


def of_activations():
    for op, function, config in ACTIVATIONS:
        for recipe in [numbers(*shape) for shape in SHAPES] + [ENDS]:
            yield case(op, {"input": recipe}, lambda input: function(input, **config), config)


def of_axes():
    for shape, dim in CUMSUM:
        yield case("cumsum", {"input": numbers(*shape)}, lambda input: input.cumsum(dim), {"dim": dim})
    for shape, k, dim, largest in TOPK:
        def values(input):
            found = input.topk(k, dim, largest)
            return {"output": found.values, "indices": found.indices}
        yield case("topk", {"input": numbers(*shape)}, values,
                   {"k": k, "dim": dim, "largest": largest}, silent=("indices",))
    for equation, shapes in EINSUM:
        inputs = {f"input_{i}": numbers(*shape) for i, shape in enumerate(shapes, 1)}
        yield case("einsum", inputs, lambda **arrays: torch.einsum(equation, *arrays.values()),
                   {"equation": equation})


def of_attention():
    for queries, keys, values in ATTENTION:
        inputs = {"query": numbers(*queries), "key": numbers(*keys), "value": numbers(*values)}
        yield case("scaled_dot_product_attention", inputs,
                   lambda query, key, value: F.scaled_dot_product_attention(query, key, value))
        mask = literal((torch.arange(keys[-2]) != 1).long().tolist(), "second key hidden")
        yield case("scaled_dot_product_attention", {**inputs, "mask": mask},
                   lambda query, key, value, mask: F.scaled_dot_product_attention(
                       query, key, value, attn_mask=mask.bool().expand(query.shape[-2], -1)))


def of_losses():
    for reduction in REDUCTIONS:
        for config in [{}, {"delta": 0.5}]:
            yield case("huber_loss", {"input": numbers(2, 3), "target": numbers(2, 3)},
                       lambda input, target: F.huber_loss(
                           input, target, reduction=reduction, **config),
                       {"reduction": reduction, **config})
        for steps, batch, classes, targets, lengths, target_lengths, config in CTC:
            inputs = {"logits": numbers(steps, batch, classes), "targets": literal(targets),
                      "input_lengths": literal(lengths), "target_lengths": literal(target_lengths)}
            yield case("ctc_loss", inputs,
                       lambda logits, targets, input_lengths, target_lengths: F.ctc_loss(
                           logits.log_softmax(2), targets, input_lengths, target_lengths,
                           reduction=reduction, **config),
                       {"reduction": reduction, **config},
                       name=f"{targets} in {lengths} steps, {reduction} {config}")


def of_layers():
    for batch, inside, outside, kernel, time, more in CONV:
        config = {"in_channels": inside, "out_channels": outside, "kernel_size": kernel, **more}
        yield layer(nn.Conv1d, numbers(batch, inside, time), config)
    for shape, lengths in TAGGING:
        tags = shape[2]
        module = CRF(tags).double()
        parameters = {name: numbers(*value.shape) for name, value in module.named_parameters()}
        mask = torch.arange(shape[0])[:, None] < torch.tensor(lengths)

        def compute(input, target, lengths, **weights):
            def loss(input, target):
                return -module(input, target, mask=mask, reduction="none")
            for name, value in weights.items():
                delattr(module, name)
                setattr(module, name, value)
            best = module.decode(input, mask=mask)
            padded = [path + [0] * (max(lengths.tolist()) - len(path)) for path in best]
            return {"output": loss(input, target), "best": torch.tensor(padded)}

        yield case("CRF", {"input": numbers(*shape), "target": integers(*shape[:2], high=tags),
                           "lengths": literal(lengths)}, compute, {"num_tags": tags}, parameters,
                   silent=("best",))


def cases():
    yield from of_activations()
    yield from of_axes()
    yield from of_attention()
    yield from of_losses()
    yield from of_layers()
