"""LSTMs whose output is projected (`proj_size`)."""

import itertools

from torch import nn
from torch.func import functional_call

from golden import case, literal, numbers
from groups.recurrent import described, over_lengths

SIZES = [  # time steps, batch (None: a single sample), input_size, hidden_size, proj_size, lengths
    (3, 2, 3, 4, 2, None), (1, 3, 2, 3, 1, None), (3, None, 2, 4, 3, None),
    (4, 3, 2, 3, 2, [2, 4, 1]), (3, 2, 1, 5, 2, [3, 3]),
]


def projected(sizes, config, with_state):
    steps, batch, input_size, hidden_size, proj_size, lengths = sizes
    config = {
        "input_size": input_size, "hidden_size": hidden_size, "proj_size": proj_size, **config}
    module = nn.LSTM(**config).double()
    alone, first = batch is None, config["batch_first"]
    rows = config["num_layers"] * (2 if config["bidirectional"] else 1)
    axes = (steps,) if alone else (batch, steps) if first else (steps, batch)
    inputs = {"input": numbers(*axes, input_size, low=-1, high=1)}
    if with_state:
        middle = () if alone else (batch,)
        inputs["h_0"] = numbers(rows, *middle, proj_size, low=-1, high=1)
        inputs["c_0"] = numbers(rows, *middle, hidden_size, low=-1, high=1)
    if lengths:
        inputs["lengths"] = literal(lengths, f"lengths {lengths}")
    parameters = {
        key: numbers(*value.shape, low=-0.7, high=0.7) for key, value in module.named_parameters()}

    def compute(input, h_0=None, c_0=None, lengths=None, **weights):
        run = lambda given: functional_call(
            module, weights, (given, None if h_0 is None else (h_0, c_0)))
        output, last = (run(input) if lengths is None
                        else over_lengths(run, input, lengths, first))
        return {"output": output, "h_n": last[0], "c_n": last[1]}

    name = described((steps, batch, input_size, hidden_size), config, lengths, with_state)
    return case("LSTM", inputs, compute, config, parameters, name=f"{name}→{proj_size}")


def cases():
    sizes, first = itertools.cycle(SIZES), itertools.cycle([False, True, False])
    for layers, both, bias, state in itertools.product(
            [1, 2, 3], [False, True], [True, False], [False, True]):
        config = {"num_layers": layers, "bias": bias, "batch_first": next(first),
                  "bidirectional": both}
        yield projected(next(sizes), config, state)
