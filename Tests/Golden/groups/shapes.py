"""Operations that move numbers without changing them: joining, choosing, turning, cutting."""

import torch

from golden import case, integers, literal, numbers

CAT = [  # shapes, dim (None: left out)
    ([(3,), (2,)], 0), ([(3,)], 0), ([(2, 3), (1, 3), (4, 3)], 0), ([(2, 3), (2, 1)], 1),
    ([(2, 3), (2, 2)], -1), ([(2, 1, 3), (2, 4, 3)], 1), ([(2, 1, 3), (2, 1, 3)], -2),
    ([(2, 3), (2, 3)], None), ([(1, 1), (1, 1), (1, 1)], 1), ([(2, 0), (2, 3)], 1),
]
STACK = [
    ([(), ()], 0), ([(3,), (3,)], 0), ([(3,), (3,)], 1), ([(3,), (3,), (3,)], -1), ([(2, 3)], 0),
    ([(2, 3), (2, 3)], 1), ([(2, 1), (2, 1)], -1), ([(2, 3), (2, 3)], -3), ([(2,), (2,)], None),
]
GATHER = [  # shape, shape of the index, dim
    ((4,), (6,), 0), ((4,), (2,), -1), ((3, 4), (3, 2), 1), ((3, 4), (2, 4), 0),
    ((3, 4), (3, 1), -1), ((3, 4), (2, 3), 1), ((2, 3, 2), (2, 3, 4), 2), ((2, 3, 2), (2, 5, 2), 1),
    ((1, 4), (1, 7), 1), ((2, 3, 2), (1, 2, 2), -3),
]
INDEX_SELECT = [  # shape, index, dim
    ((4,), [2, 0, 2], 0), ((3, 2), [1], 0), ((3, 2), [1, 0, 0, 1], 1), ((3, 2), [2, 2, 2], -2),
    ((2, 3, 2), [2, 1], 1), ((2, 1, 2), [0, 0], 1), ((2, 3, 2), [1, 0, 1], -1),
]
TRANSPOSE = [
    ((2, 3), 0, 1), ((2, 3), 1, 0), ((2, 3), -1, -2), ((2, 3), 1, 1), ((1, 3), 0, 1),
    ((2, 3, 4), 0, 2), ((2, 3, 4), 1, 2), ((2, 3, 4), 0, -2), ((2, 1, 3, 2), -1, 1), ((4,), 0, 0),
]
PERMUTE = [
    ((3,), [0]), ((2, 3), [1, 0]), ((2, 3, 4), [2, 0, 1]), ((2, 3, 4), [1, 0, 2]),
    ((2, 1, 3), [-1, 0, 1]), ((2, 1, 3, 2), [3, 1, 0, 2]),
]
RESHAPE = [
    ((), [1]), ((), [1, 1]), ((1, 1), []), ((6,), [2, 3]), ((2, 3), [6]), ((2, 3), [-1]),
    ((2, 3), [3, 2]), ((2, 3, 4), [4, -1]), ((2, 3, 4), [2, 12]), ((2, 3), [2, 1, 3]),
    ((4,), [2, -1, 1]),
]
BROADCAST_TO = [
    ((), [3]), ((3,), [2, 3]), ((2, 1), [2, 3]), ((1, 1), [2, 3]), ((2, 1, 3), [4, 2, 2, 3]),
    ((2, 3), [2, 3]),
]
SLICE = [  # shape, arguments; ends as in Python
    ((5,), {"dim": 0, "start": 1, "end": 4, "step": 1}),
    ((5,), {"dim": 0, "start": 0, "end": 5, "step": 2}),
    ((5,), {"dim": 0, "start": -3, "end": -1, "step": 1}),
    ((5,), {"dim": 0, "start": -100, "end": 3, "step": 1}),
    ((5,), {"dim": 0, "start": 2, "end": 100, "step": 1}),
    ((5,), {"dim": -1, "start": 1, "end": 100, "step": 3}),
    ((5,), {"dim": 0, "start": 3, "end": 3, "step": 1}),
    ((5,), {"dim": 0, "start": 4, "end": 1, "step": 1}),
    ((5,), {"dim": 0, "start": 7, "end": 9, "step": 1}),
    ((5,), {"dim": 0, "start": 0, "end": 5, "step": 9}),
    ((5,), {"dim": 0, "start": None, "end": -1, "step": 1}),
    ((5,), {"dim": 0, "start": 2, "end": None, "step": 1}),
    ((5,), {"dim": 0, "start": 2}),
    ((5,), {"end": 2}),
    ((3, 4), {"dim": 0, "start": 1, "end": 3, "step": 1}),
    ((3, 4), {"dim": 1, "start": 1, "end": 4, "step": 2}),
    ((3, 4), {"dim": -1, "start": -2, "end": 9223372036854775807, "step": 1}),
    ((3, 4), {"dim": -2, "start": 0, "end": -1, "step": 2}),
    ((2, 1, 3), {"dim": 1, "start": 0, "end": 1, "step": 1}),
    ((2, 5, 2), {"dim": 1, "start": -4, "end": 5, "step": 3}),
    ((2, 3, 4), {"dim": -1, "start": 1, "end": -1, "step": 1}),
]
SPLIT = [  # shape, split_size_or_sections, dim
    ((5,), 2, 0), ((6,), 3, 0), ((2, 5), 2, 1), ((2, 5), [1, 3, 1], -1), ((4, 3), [3, 1], 0),
    ((2, 1, 3), 1, 1), ((2, 3), 7, 1),
]
CHUNK = [((6,), 3, 0), ((5,), 2, 0), ((2, 8), 4, -1), ((3, 2), 2, 0), ((2, 1, 3), 1, 1)]
WHERE = [  # shapes of condition, input, other
    ((3,), (3,), (3,)), ((2, 3), (2, 3), (2, 3)), ((2, 3), (), (2, 3)), ((2, 3), (3,), ()),
    ((2, 1), (1, 3), (2, 3)), ((3,), (2, 1), (1,)),
]
MASKED_FILL = [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3, 2), (3, 1)),
               ((2, 3), (2, 1))]


def sliced(input, dim=0, start=None, end=None, step=1):
    index = [slice(None)] * input.dim()
    index[dim] = slice(start, end, step)
    return input[tuple(index)]


def joined(op, table):
    for shapes, dim in table:
        config = {} if dim is None else {"dim": dim}
        inputs = {f"input_{n}": numbers(*shape) for n, shape in enumerate(shapes, 1)}
        yield case(op, inputs, lambda **arrays: getattr(torch, op)(list(arrays.values()), **config),
                   config)


def pieces(function):
    """A function of several results, named output_1, output_2, …"""
    return lambda input: {f"output_{n}": piece for n, piece in enumerate(function(input), 1)}


def chosen():
    for shape, index, dim in GATHER:
        inputs = {"input": numbers(*shape), "index": integers(*index, high=shape[dim])}
        yield case("gather", inputs, lambda input, index: input.gather(dim, index), {"dim": dim})
    for shape, index, dim in INDEX_SELECT:
        inputs = {"input": numbers(*shape), "index": literal(index)}
        yield case("index_select", inputs, lambda input, index: input.index_select(dim, index),
                   {"dim": dim})
    for condition, input, other in WHERE:
        inputs = {"condition": integers(*condition, high=2), "input": numbers(*input),
                  "other": numbers(*other)}
        yield case("where", inputs,
                   lambda condition, input, other: torch.where(condition == 1, input, other))
    for shape, mask in MASKED_FILL:
        inputs = {"input": numbers(*shape), "mask": integers(*mask, high=2)}
        yield case("masked_fill", inputs, lambda input, mask: input.masked_fill(mask == 1, -0.5),
                   {"value": -0.5})


def one(op, shape, function, config):
    return case(op, {"input": numbers(*shape)}, lambda input: function(input), config)


def cases():
    yield from joined("cat", CAT)
    yield from joined("stack", STACK)
    yield from chosen()
    for shape, a, b in TRANSPOSE:
        yield one("transpose", shape, lambda x: x.transpose(a, b), {"dim0": a, "dim1": b})
    for shape, dims in PERMUTE:
        yield one("permute", shape, lambda x: x.permute(dims), {"dims": dims})
    for shape, new in RESHAPE:
        yield one("reshape", shape, lambda x: x.reshape(new), {"shape": new})
    for shape, new in BROADCAST_TO:
        yield one("broadcast_to", shape, lambda x: x.broadcast_to(new), {"size": new})
    for shape, config in SLICE:
        yield one("slice", shape, lambda x: sliced(x, **config), config)
    for shape, sections, dim in SPLIT:
        yield one("split", shape, pieces(lambda x: x.split(sections, dim)),
                  {"split_size_or_sections": sections, "dim": dim})
    for shape, chunks, dim in CHUNK:
        yield one("chunk", shape, pieces(lambda x: x.chunk(chunks, dim)),
                  {"chunks": chunks, "dim": dim})
