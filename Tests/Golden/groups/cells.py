"""One step of a recurrent network."""

from torch import nn
from torch.func import functional_call

from golden import case, numbers

SIZES = [  # batch (None: a single sample), input_size, hidden_size
    (2, 3, 4), (1, 2, 3), (3, 1, 2), (2, 2, 1), (1, 1, 1), (None, 3, 2),
]
CELLS = [
    (nn.RNNCell, {}), (nn.RNNCell, {"nonlinearity": "tanh"}),
    (nn.RNNCell, {"nonlinearity": "relu"}), (nn.LSTMCell, {}), (nn.GRUCell, {}),
]


def step(make, batch, config, with_state=True, silent=()):
    module = make(**config).double()
    leading = () if batch is None else (batch,)
    states = (["h", "c"] if make is nn.LSTMCell else ["h"]) if with_state else []
    parameters = {
        name: numbers(*value.shape, low=-0.7, high=0.7)
        for name, value in module.named_parameters()
    }
    inputs = {"input": numbers(*leading, config["input_size"])}
    inputs |= {name: numbers(*leading, config["hidden_size"], low=-1, high=1) for name in states}

    def compute(input, h=None, c=None, **weights):
        state = (h, c) if c is not None else h
        result = functional_call(module, weights, (input, state))
        return {"h": result[0], "c": result[1]} if make is nn.LSTMCell else {"h": result}

    return case(make.__name__, inputs, compute, config, parameters, silent=silent)


def cases():
    for make, more in CELLS:
        for batch, input_size, hidden_size in SIZES:
            for bias in [True, False]:
                sizes = {"input_size": input_size, "hidden_size": hidden_size}
                yield step(make, batch, {**sizes, "bias": bias, **more})
        sizes = {"input_size": 3, "hidden_size": 2, **more}
        yield step(make, 2, sizes)
        yield step(make, 2, sizes, with_state=False)
        yield step(make, 4, {"input_size": 5, "hidden_size": 9, **more})
    yield step(nn.LSTMCell, 3, {"input_size": 3, "hidden_size": 2}, silent=["h"])
    yield step(nn.LSTMCell, 3, {"input_size": 4, "hidden_size": 2}, silent=["c"])
