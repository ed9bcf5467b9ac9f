"""Reductions along one axis, several or all, and the functions that normalize along an axis."""

import torch

from golden import case, literal, numbers

# shape, PyTorch's arguments
ANY_AXES = [
    ((), {}), ((5,), {}), ((2, 3), {}), ((2, 3), {"dim": None}),
    ((2, 3), {"dim": []}), ((2, 3), {"dim": 0}),
    ((2, 3), {"dim": 1}), ((2, 3), {"dim": -1, "keepdim": True}), ((5,), {"dim": 0}),
    ((5,), {"dim": -1, "keepdim": True}), ((2, 1, 3), {"dim": 1}),
    ((2, 1, 3), {"dim": 1, "keepdim": True}), ((2, 3, 4), {"dim": [0, 2]}),
    ((2, 3, 4), {"dim": [-1, 0], "keepdim": True}), ((2, 3, 4), {"dim": [1]}),
    ((2, 3, 4), {"dim": [0, 1, 2]}), ((2, 3, 4), {"dim": -2}), ((1, 1), {}),
    ((2, 2, 3, 2), {"dim": [1, 3], "keepdim": True}), ((67,), {}), ((3, 19), {"dim": 0}),
]
ONE_AXIS = [
    ((5,), {"dim": 0}), ((2, 3), {"dim": 0}), ((2, 3), {"dim": 1}), ((2, 3), {"dim": -1}),
    ((2, 3, 4), {"dim": 1}), ((2, 1, 3), {"dim": 1}), ((2, 1, 3), {"dim": -3}),
    ((2, 2, 3, 2), {"dim": 2}), ((2, 37), {"dim": 1}),
]

LARGE = literal([[4000.0, 4001.0, 3999.5], [-20000.0, -20000.5, -19999.0]], "[2, 3], large values")
TIES = literal([[[2.0, -1.0, 2.0], [0.5, 2.0, -1.0]], [[-3.0, 4.0, 4.0], [4.0, -3.0, 1.0]]],
               "[2, 2, 3], ties")
FAR_APART = literal([[0.0, 200.0, -200.0]], "[1, 3], far apart")


def with_keepdim(table):
    return table + [(shape, {**config, "keepdim": True}) for shape, config in table[1::3]]


def values_of_max(input, dim=None, keepdim=False):
    return input.max() if dim is None else input.max(dim, keepdim).values


def values_of_min(input, dim=None, keepdim=False):
    return input.min() if dim is None else input.min(dim, keepdim).values


def reductions():
    """op, function, table of shapes and arguments"""
    everything = [((), {}), ((5,), {}), ((2, 3), {}), ((2, 1, 3), {})]
    spread = [row for row in ANY_AXES if row[0] not in [(), (1, 1), (2, 1, 3)]
              and row[1] not in [{"dim": None}, {"dim": []}]]
    yield "sum", torch.sum, ANY_AXES
    yield "mean", torch.mean, ANY_AXES
    yield "max", values_of_max, everything + with_keepdim(ONE_AXIS)
    yield "min", values_of_min, everything + with_keepdim(ONE_AXIS)
    yield "logsumexp", torch.logsumexp, with_keepdim(ONE_AXIS)
    yield "std", torch.std, spread + [
        ((2, 3), {"correction": 0}), ((2, 3, 4), {"dim": [0, 2], "correction": 0})]
    yield "logsumexp", torch.logsumexp, [
        ((2, 3, 4), {"dim": [0, 2]}), ((2, 3, 4), {"dim": [-1, 1], "keepdim": True}),
        ((2, 3), {"dim": [0, 1]})]
    yield "var", torch.var, spread + [
        ((2, 3), {"correction": 0}), ((2, 3), {"dim": 0, "correction": 0, "keepdim": True}),
        ((2, 3, 4), {"dim": [0, 2], "correction": 0}), ((2, 1), {"dim": 1, "correction": 0})]


def cases():
    for op, function, table in reductions():
        for shape, config in table:
            yield case(op, {"input": numbers(*shape)},
                       lambda input: function(input, **config), config)
    for op, function in [("argmax", torch.argmax), ("argmin", torch.argmin)]:
        inputs = [(numbers(*shape), config) for shape, config in with_keepdim(ONE_AXIS)]
        inputs += [(numbers(*shape), {}) for shape in [(), (1,), (5,), (2, 3), (2, 1, 3), (3, 19)]]
        for recipe, config in inputs:
            yield case(op, {"input": recipe}, lambda input: function(input, **config), config,
                       differentiate=False)
    for op, function in [("amax", torch.amax), ("amin", torch.amin)]:
        inputs = [(numbers(*shape), config) for shape, config in ANY_AXES
                  if config.get("dim", ()) is not None]
        inputs += [(TIES, {"dim": dim}) for dim in [0, -1, [0, 2], [2, 1], [0, 1, 2]]]
        inputs += [(TIES, {"dim": [0, 1], "keepdim": True}), (TIES, {})]
        for recipe, config in inputs:
            yield case(op, {"input": recipe}, lambda input: function(input, **config), config)
    for op, function in [("max", values_of_max), ("min", values_of_min)]:
        yield case(op, {"input": TIES}, function, {})
    for op in ["softmax", "log_softmax"]:
        inputs = [(numbers(*shape), config["dim"]) for shape, config in ONE_AXIS]
        inputs += [(LARGE, 1), (LARGE, -1), (LARGE, 0), (FAR_APART, 1), (numbers(), 0)]
        for recipe, dim in inputs:
            yield case(op, {"input": recipe}, lambda input: getattr(torch, op)(input, dim),
                       {"dim": dim})
    yield case("logsumexp", {"input": LARGE}, lambda input: torch.logsumexp(input, 1), {"dim": 1})
