"""Writes the golden files: with these numbers in, PyTorch gave these numbers and these gradients.

    python generate.py [GROUP ...]

The files are committed, so that nobody needs Python to run the tests. README.md describes the
format; a new case is a new line in one of the tables under groups/.
"""

import sys

sys.dont_write_bytecode = True

import torch

import golden
from groups import cells, elementwise, functions, layers, losses, matmul, optimizers, projections
from groups import recurrent, reductions, schedules, shapes, variants, weighted

GROUPS = {
    "elementwise": elementwise.cases,
    "reductions": reductions.cases,
    "shapes": shapes.cases,
    "matmul": matmul.cases,
    "losses": losses.cases,
    "losses-weighted": weighted.cases,
    "layers": layers.cases,
    "functions": functions.cases,
    "cells": cells.cases,
    "rnn": recurrent.rnn,
    "lstm": recurrent.lstm,
    "lstm-variants": variants.cases,
    "lstm-projections": projections.cases,
    "gru": recurrent.gru,
    "optimizers": optimizers.cases,
    "schedules": schedules.cases,
}


def main(names):
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        sys.exit(f"generate.py: no group {unknown[0]}; there are {', '.join(GROUPS)}")
    torch.set_num_threads(1)
    for name in names or GROUPS:
        golden.write(name, GROUPS[name]())


main(sys.argv[1:])
