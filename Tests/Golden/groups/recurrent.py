"""RNN, LSTM and GRU over whole sequences, in every combination of their options."""

import itertools

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from golden import case, literal, numbers

FULL = [  # time steps, batch, input_size, hidden_size; taken in turn
    (4, 2, 3, 2), (1, 3, 2, 3), (3, 1, 2, 2), (1, 1, 3, 2), (3, 2, 1, 3),
    (2, 2, 2, 1), (2, 1, 1, 2),
]
SORTED = [  # the same and lengths
    (4, 3, 3, 2, [4, 2, 1]), (3, 2, 2, 3, [3, 3]), (4, 2, 1, 2, [3, 1]), (3, 1, 2, 2, [2]),
    (1, 2, 2, 1, [1, 1]),
]
UNSORTED = [
    (4, 3, 3, 2, [2, 4, 1]), (3, 2, 2, 3, [1, 3]), (4, 3, 1, 2, [1, 3, 3]), (5, 3, 2, 1, [2, 1, 3]),
]
SPECIAL = [  # what is shown, sizes, options, what is silent
    ("defaults only", (3, 2, 3, 2), {}, []),
    ("one long sequence", (40, 1, 1, 2), {}, []),
    ("wide", (3, 5, 7, 9), {}, []),
    ("gradient of the last state alone", (4, 2, 3, 2), {"num_layers": 2}, ["output"]),
    ("gradient of the output alone", (4, 2, 3, 2), {"bidirectional": True}, ["h_n", "c_n"]),
    ("gradient of c_n alone", (4, 2, 3, 2), {}, ["output", "h_n"]),
    ("a single sample without a batch axis", (3, None, 3, 2), {}, []),
    ("a single sample, both directions", (3, None, 2, 2),
     {"num_layers": 2, "bidirectional": True}, []),
]


def whole(make, sizes, config, lengths=None, with_state=False, silent=(), name=None, build=None):
    """One case; `build` makes the module, where it is not PyTorch's own."""
    steps, batch, input_size, hidden_size = sizes
    config = {"input_size": input_size, "hidden_size": hidden_size, **config}
    module = (build or make)(**config).double()
    first = config.get("batch_first", False)
    alone = batch is None
    rows = config.get("num_layers", 1) * (2 if config.get("bidirectional") else 1)
    axes = (steps,) if alone else (batch, steps) if first else (steps, batch)
    inputs = {"input": numbers(*axes, input_size, low=-1, high=1)}
    if with_state:
        for state in ["h_0", "c_0"][: 2 if make is nn.LSTM else 1]:
            inputs[state] = numbers(rows, *([] if alone else [batch]), hidden_size, low=-1, high=1)
    if lengths:
        inputs["lengths"] = literal(lengths, f"lengths {lengths}")
    parameters = {
        key: numbers(*value.shape, low=-0.7, high=0.7) for key, value in module.named_parameters()}

    def compute(input, h_0=None, c_0=None, lengths=None, **weights):
        state = (h_0, c_0) if c_0 is not None else h_0
        run = lambda given: functional_call(module, weights, (given, state))
        padded = lengths is not None
        output, last = over_lengths(run, input, lengths, first) if padded else run(input)
        last = last if isinstance(last, tuple) else (last,)
        return {"output": output, **dict(zip(["h_n", "c_n"], last))}

    return case(make.__name__, inputs, compute, config, parameters, silent=silent,
                name=name or described(sizes, config, lengths, with_state))


def over_lengths(run, input, lengths, first):
    packed = pack_padded_sequence(input, lengths, batch_first=first, enforce_sorted=False)
    output, last = run(packed)
    steps = input.shape[1 if first else 0]
    return pad_packed_sequence(output, batch_first=first, total_length=steps)[0], last


def described(sizes, config, lengths, with_state):
    steps, batch, input_size, hidden_size = sizes
    layers = config.get("num_layers", 1)
    words = [f"{layers} layer{'s' if layers > 1 else ''}"]
    words += ["both directions"] if config.get("bidirectional") else []
    words += [config["nonlinearity"]] if "nonlinearity" in config else []
    words += [variant for variant in ["peephole", "coupled"] if config.get(variant)]
    words += ["no bias"] if not config.get("bias", True) else []
    words += ["batch first"] if config.get("batch_first") else []
    words += ["state given"] if with_state else []
    words += [f"lengths {lengths}"] if lengths else []
    return ", ".join(words) + f", T {steps}, B {batch}, {input_size}→{hidden_size}"


TABLES = {"full": FULL, "sorted": SORTED, "unsorted": UNSORTED}


def combinations(make, variants, layer_counts=(1, 2, 3), tables=tuple(TABLES), build=None):
    """The cross product of the options; sizes and `batch_first` take turns through it."""
    turns = {name: itertools.cycle(TABLES[name]) for name in tables}
    batch_first = itertools.cycle([False, True, True, False, True, False, False])
    product = itertools.product(layer_counts, variants, [False, True], [True, False], [False, True],
                                tables)
    for layers, variant, both, bias, with_state, table in product:
        row = next(turns[table])
        config = {"num_layers": layers, **variant, "bias": bias, "batch_first": next(batch_first),
                  "dropout": 0.0, "bidirectional": both}
        lengths = row[4] if len(row) > 4 else None
        yield whole(make, row[:4], config, lengths, with_state, build=build)


def special(make):
    for name, sizes, options, silent in SPECIAL:
        if "c_n alone" in name and make is not nn.LSTM:
            continue
        yield whole(make, sizes, options, silent=silent, name=name)
    yield whole(make, (3, None, 3, 2), {"num_layers": 2}, with_state=True,
                name="a single sample, state given")


def rnn():
    variants = [{"nonlinearity": "tanh"}, {"nonlinearity": "relu"}]
    yield from combinations(nn.RNN, variants)
    yield from special(nn.RNN)


def lstm():
    yield from combinations(nn.LSTM, [{}])
    yield from special(nn.LSTM)


def gru():
    yield from combinations(nn.GRU, [{}])
    yield from special(nn.GRU)
