"""Losses with each of their reductions."""

import torch.nn.functional as F

from golden import case, integers, literal, numbers

REDUCTIONS = ["mean", "sum", "none"]
SHAPES = [(), (4,), (2, 3), (2, 1, 3)]

LABELS = [  # scores, labels, further settings; classes on axis 1, of a single sample on axis 0
    (numbers(3), integers(high=3), {}), (numbers(4, 3), integers(4, high=3), {}),
    (numbers(1, 5), integers(1, high=5), {}), (numbers(3, 1), integers(3, high=1), {}),
    (numbers(2, 3, 4), integers(2, 4, high=3), {}),
    (numbers(2, 3, 2, 2), integers(2, 2, 2, high=3), {}),
    (numbers(2, 3, 1), integers(2, 1, high=3), {}),
    (numbers(4, 3), literal([2, -100, 0, -100], "some ignored"), {}),
    (numbers(4, 3), literal([2, 0, 0, 1]), {"ignore_index": 0}),
    (numbers(3, 3), literal([-1, 1, 2]), {"ignore_index": -1}),
    (numbers(2, 3, 2), literal([[2, 1], [1, 0]]), {"ignore_index": 1}),
    (literal([[500.0, -500.0, 0.0], [8000.0, 8001.0, 7999.5]], "[2, 3], large scores"),
     literal([1, 0]), {}),
]
PROBABILITIES = [(3,), (2, 3), (1, 4), (2, 3, 2), (2, 3, 1, 2)]

EXTREME = literal([0.0, 50.0, -50.0, 100.0, -100.0], "both ends")
ONES_AND_ZEROS = literal([1.0, 0.0, 1.0, 1.0, 0.0], "labels")


def loss(op, input, target, config, constants=()):
    function = getattr(F, op)
    return case(op, {"input": input, "target": target},
                lambda input, target: function(input, target, **config), config,
                constants=constants)


def of_numbers():
    for op, config in [("mse_loss", {}), ("l1_loss", {}), ("smooth_l1_loss", {}),
                       ("smooth_l1_loss", {"beta": 0.5})]:
        for reduction in REDUCTIONS:
            for shape in SHAPES:
                yield loss(op, numbers(*shape), numbers(*shape), {"reduction": reduction, **config})
        yield loss(op, numbers(3), numbers(3), config)
    for op in ["mse_loss", "l1_loss", "smooth_l1_loss"]:
        yield loss(op, literal([1.0, 2.0, 3.0], "some equal"), literal([1.0, 2.5, 3.0]),
                   {"reduction": "sum"}, constants=("target",))


def of_logits():
    op = "binary_cross_entropy_with_logits"
    for reduction in REDUCTIONS:
        for shape in SHAPES:
            yield loss(op, numbers(*shape), numbers(*shape, low=0.01, high=0.99),
                       {"reduction": reduction}, constants=("target",))
        yield loss(op, EXTREME, ONES_AND_ZEROS, {"reduction": reduction}, constants=("target",))
    yield loss(op, numbers(3), literal([1.0, 0.0, 1.0]), {}, constants=("target",))


def of_classes():
    for op in ["cross_entropy", "nll_loss"]:
        for reduction in REDUCTIONS:
            for scores, labels, config in LABELS:
                yield loss(op, scores, labels, {"reduction": reduction, **config})
        yield loss(op, numbers(4, 3), integers(4, high=3), {})
    for reduction in REDUCTIONS:
        for shape in PROBABILITIES:
            yield loss("cross_entropy", numbers(*shape), probabilities(*shape),
                       {"reduction": reduction}, constants=("target",))


def probabilities(*shape):
    """Class probabilities: positive, of sum one along the class axis."""
    axis = 1 if len(shape) > 1 else 0
    return numbers(*shape).then(lambda drawn: drawn.softmax(axis), f"probabilities {list(shape)}")


def cases():
    yield from of_numbers()
    yield from of_logits()
    yield from of_classes()
