"""Functions of one array, element by element, and arithmetic of two with broadcasting."""

import torch
import torch.nn.functional as F

from golden import case, literal, numbers

SHAPES = [(), (4,), (2, 3), (1, 3), (2, 1, 3), (2, 2, 2, 2)]
LONG = (37,)  # not a multiple of any vector's length


def anywhere(*more):
    return [numbers(*shape) for shape in SHAPES] + [numbers(*LONG)] + list(more)


def positive(*more):
    return [numbers(*shape, low=0.05, high=3) for shape in [*SHAPES, LONG]] + list(more)


UNARY = {
    "tanh": (torch.tanh, anywhere(literal([0.0, 1e-4, -1e-4, 9.0, -20.0], "both ends"))),
    "sigmoid": (torch.sigmoid, anywhere(literal([0.0, 40.0, -40.0, 90.0, -90.0], "both ends"))),
    "relu": (torch.relu, anywhere(literal([0.0, -1.5, 1.5], "at zero"))),
    "exp": (torch.exp, anywhere(literal([-80.0, -8.0, 0.0, 8.0], "both ends"))),
    "log": (torch.log, positive(literal([1e-4, 1.0, 1e6], "both ends"))),
    "sqrt": (torch.sqrt, positive(literal([1e-4, 1.0, 1e6], "both ends"))),
    "log1p": (torch.log1p, positive(literal([-0.9, -1e-9, 0.0, 1e-9, 1e6], "both ends"))),
    "expm1": (torch.expm1, anywhere(literal([-80.0, -1e-9, 0.0, 1e-9, 8.0], "both ends"))),
    "reciprocal": (torch.reciprocal, positive(literal([-2.0, 1e-3, 1e6], "both ends"))),
    "neg": (torch.neg, anywhere()),
    "abs": (torch.abs, anywhere(literal([0.0, -1.5, 1.5], "at zero"))),
    "sin": (torch.sin, anywhere(literal([0.0, 1e3, -9e3], "many turns"))),
    "cos": (torch.cos, anywhere(literal([0.0, 1e3, -9e3], "many turns"))),
    "softplus": (F.softplus, anywhere(literal([0.0, 19.0, 25.0, -40.0, 90.0], "both ends"))),
}

# A shape that is broadcast against another, both ways around, and size-1 axes on either side.
PAIRS = [
    ((), ()), ((3,), ()), ((), (2, 3)), ((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)),
    ((2, 3), (2, 1)), ((2, 1), (1, 3)), ((1, 1), (2, 3)), ((4, 1, 3), (2, 1)), ((2, 1, 2), (3, 1)),
    ((2, 3, 1, 2), (3, 4, 1)), (LONG, LONG), ((3, 1), LONG),
]

BINARY = {
    # op: (function, the range of b, away from where the operation has a pole)
    "add": (torch.add, (-2, 2)), "sub": (torch.sub, (-2, 2)), "mul": (torch.mul, (-2, 2)),
    "div": (torch.div, (0.5, 3)), "pow": (torch.pow, (-2, 3)),
    "maximum": (torch.maximum, (-2, 2)), "minimum": (torch.minimum, (-2, 2)),
}

POWERS_OF_ZERO = (literal([0.0, 0.0, 2.0]), literal([2.0, 1.0, 3.0]), "zero to positive powers")
POWERS = [
    # a, b, what is shown; the gradient of b has log a in it, so a negative base has none
    (literal([-1.5, -2.0, 3.0, -0.5]), literal([2.0, 3.0, -2.0, 1.0]), "negative bases"),
    (literal([[-1.5, 0.5], [2.0, -3.0]]), literal(2.0), "all squared"),
    (literal([[-1.5, 0.5], [2.0, -3.0]]), literal(3.0), "all cubed"),
    (literal([[-1.5, 0.5], [2.0, -3.0]]), literal(-1.0), "all inverted"),
    (literal([0.0, 1.0, -2.0]), literal(2.0), "zero squared"),
    (literal([0.0, 1.0, -2.0]), literal(0.0), "to the power of zero"),
    (literal([0.0, 1.0, -2.0]), literal(1.0), "to the power of one"),
    (literal([0.25, 2.0, 9.0]), literal(0.5), "square roots"),
]

CLAMPS = [{"min": -1, "max": 1}, {"min": 0.25}, {"max": -0.5}]

COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]


def clamp(**limits):
    return lambda input: torch.clamp(input, **limits)


def cases():
    for op, (function, inputs) in UNARY.items():
        for recipe in inputs:
            yield case(op, {"input": recipe}, lambda input: function(input))
    for config in CLAMPS:
        for shape in [(3,), (2, 1, 5)]:
            yield case("clamp", {"input": numbers(*shape)}, clamp(**config), config)
    yield case("clamp", {"input": literal([-1.0, 0.0, 1.0, 1.5])}, clamp(min=-1, max=1),
               {"min": -1, "max": 1}, name="at the limits")
    for op, (function, (low, high)) in BINARY.items():
        for a, b in PAIRS:
            inputs = {"a": numbers(*a, low=0.1 if op == "pow" else -2),
                      "b": numbers(*b, low=low, high=high)}
            yield case(op, inputs, lambda a, b: function(a, b))
    for a, b, note in POWERS:
        yield case("pow", {"a": a, "b": b}, lambda a, b: a**b, name=note, constants=("b",))
    a, b, note = POWERS_OF_ZERO
    yield case("pow", {"a": a, "b": b}, lambda a, b: a**b, name=note)
    for op in COMPARISONS:
        for a, b in [([1.0, 2.0, 3.0], [1.0, 3.0, 2.0]), ([[1.0], [2.0]], [1.0, 1.5, 2.0])]:
            yield case(op, {"a": literal(a), "b": literal(b)},
                       lambda a, b: getattr(torch, op)(a, b).long(), differentiate=False)
