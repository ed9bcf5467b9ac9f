"""Products of matrices, vectors and batches of them, as NumPy multiplies."""

import torch

from golden import case, numbers

SHAPES = [
    ((3,), (3,)), ((1,), (1,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((1, 3), (3, 1)),
    ((3, 1), (1, 2)), ((1, 1), (1, 1)), ((2, 2, 3), (2, 3, 2)), ((2, 2, 3), (3, 2)),
    ((2, 3), (2, 3, 2)), ((2, 2, 3), (3,)), ((3,), (2, 3, 2)), ((1, 2, 3), (4, 3, 2)),
    ((2, 1, 2, 3), (3, 3, 2)), ((2, 1, 1, 3), (1, 2, 3, 1)), ((9, 17), (17, 11)),
    ((5, 33), (33, 2)),
]


def cases():
    for a, b in SHAPES:
        yield case("matmul", {"a": numbers(*a), "b": numbers(*b)}, lambda a, b: a @ b)
