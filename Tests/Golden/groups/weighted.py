"""Losses over classes that count unequally, or whose labels are smoothed."""

import torch
import torch.nn.functional as F

from golden import case, integers, literal, numbers

REDUCTIONS = ["mean", "sum", "none"]

# Scores, labels and the weights of the classes; classes on axis 1, of a single sample on axis 0.
LABELS = [
    (numbers(3), integers(high=3), [0.5, 2.0, 1.25], {}),
    (numbers(4, 3), integers(4, high=3), [0.5, 2.0, 1.25], {}),
    (numbers(2, 3, 4), integers(2, 4, high=3), [1.0, 0.25, 3.0], {}),
    (numbers(2, 3, 2, 2), integers(2, 2, 2, high=3), [1.0, 0.25, 3.0], {}),
    (numbers(5, 3), literal([2, -100, 0, -100, 1], "some ignored"), [0.5, 2.0, 1.25], {}),
    (numbers(4, 3), literal([2, 0, 0, 1], "one class ignored"), [0.5, 2.0, 1.25],
     {"ignore_index": 0}),
    (numbers(4, 3), literal([2, 1, 0, 1], "one class of no weight"), [0.5, 0.0, 1.25], {}),
]
SMOOTHINGS = [0.1, 0.5, 1.0]
PROBABILITIES = [(3,), (2, 3), (2, 3, 2)]

POSITIVE = [  # scores, weights of the positive answers
    ((4,), [3.0]), ((4, 3), [0.5, 2.0, 1.25]), ((2, 2, 3), [0.5, 2.0, 1.25]), ((2,), 4.0),
]


def loss(op, input, target, config, weight=None, key="weight"):
    function = getattr(F, op)
    given = {} if weight is None else {key: torch.tensor(weight, dtype=torch.float64)}
    shown = config if weight is None else {**config, key: weight}
    return case(op, {"input": input, "target": target},
                lambda input, target: function(input, target, **config, **given), shown,
                constants=("target",))


def probabilities(*shape):
    axis = 1 if len(shape) > 1 else 0
    return numbers(*shape).then(lambda drawn: drawn.softmax(axis), f"probabilities {list(shape)}")


def cases():
    for reduction in REDUCTIONS:
        for scores, labels, weight, more in LABELS:
            config = {"reduction": reduction, **more}
            for op in ["cross_entropy", "nll_loss"]:
                yield loss(op, scores, labels, config, weight)
            for smoothing in SMOOTHINGS:
                smooth = {**config, "label_smoothing": smoothing}
                yield loss("cross_entropy", scores, labels, smooth)
                yield loss("cross_entropy", scores, labels, smooth, weight)
        for shape in PROBABILITIES:
            config = {"reduction": reduction}
            smooth = {**config, "label_smoothing": 0.2}
            yield loss("cross_entropy", numbers(*shape), probabilities(*shape), config,
                       [0.5, 2.0, 1.25])
            yield loss("cross_entropy", numbers(*shape), probabilities(*shape), smooth)
            yield loss("cross_entropy", numbers(*shape), probabilities(*shape), smooth,
                       [0.5, 2.0, 1.25])
        for shape, weight in POSITIVE:
            yield loss("binary_cross_entropy_with_logits", numbers(*shape),
                       numbers(*shape, low=0.01, high=0.99), {"reduction": reduction}, weight,
                       "pos_weight")
