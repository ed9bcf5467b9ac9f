"""The other side of the benchmark: the same training steps in PyTorch.

Reads lines "workload threads steps" from stdin and answers each with the seconds that one step took
(the mean of `steps`), with "none" if it has no such workload, or with "error: …". The first line it
writes is PyTorch's version. Called with a number of threads and a workload's name, it says what that
takes of memory.
"""

import os

import peer_loop
import torch
from torch import nn
from torch.nn.functional import one_hot
from torch.utils.checkpoint import checkpoint


def parameters(*modules):
    return [p for m in modules for p in m.parameters()]


def training(forward, loss, target, optimizer, clipped=None):
    """A step: forward, loss, backward, clipping where named, optimizer."""

    def step():
        optimizer.zero_grad()
        loss(forward(), target).backward()
        if clipped is not None:
            nn.utils.clip_grad_norm_(clipped, 1.0)
        optimizer.step()

    return step


def series(layer, hidden, steps):
    """A series in, its next values out, batch of one."""
    head = nn.Linear(hidden, 1)
    x, y = torch.randn(steps, 1, 1), torch.randn(steps, 1, 1)
    optimizer = torch.optim.Adam(parameters(layer, head), lr=0.01)
    return training(lambda: head(layer(x)[0]), nn.MSELoss(), y, optimizer)


def keras_sine():
    lower, upper, head = nn.LSTM(1, 50), nn.LSTM(50, 100), nn.Linear(100, 1)
    x, y = torch.randn(10, 32, 1), torch.randn(32, 1)
    optimizer = torch.optim.RMSprop(parameters(lower, upper, head), lr=0.001)
    return training(lambda: head(upper(lower(x)[0])[0][-1]), nn.MSELoss(), y, optimizer)


def characters(layer, directions=1, checkpointing=False):
    head = nn.Linear(256 * directions, 28)
    x = one_hot(torch.randint(28, (35, 32)), 28).float()
    y = torch.randint(28, (35 * 32,))
    all_parameters = parameters(layer, head)

    def run(x):
        return checkpoint(layer, x, use_reentrant=False) if checkpointing else layer(x)

    optimizer = torch.optim.SGD(all_parameters, lr=1.0)
    return training(
        lambda: head(run(x)[0].reshape(35 * 32, -1)),
        nn.CrossEntropyLoss(),
        y,
        optimizer,
        clipped=all_parameters,
    )


def mnist_rows():
    layer, head = nn.LSTM(28, 128), nn.Linear(128, 10)
    x, y = torch.rand(28, 64, 28), torch.randint(10, (64,))
    optimizer = torch.optim.Adam(parameters(layer, head), lr=0.001)
    return training(lambda: head(layer(x)[0][-1]), nn.CrossEntropyLoss(), y, optimizer)


def generate_200(batch=1):
    layer, head = nn.LSTM(28, 256), nn.Linear(256, 28)

    def step():
        with torch.inference_mode():
            character, state = torch.arange(3, 3 + batch)[None] % 28, None
            for _ in range(200):
                out, state = layer(one_hot(character, 28).float(), state)
                character = head(out).argmax(-1)
                character[0, 0].item()

    return step


def autograd_overhead():
    """1,000 operations on four numbers, forward and backward."""
    x, w, b = (torch.rand(4, requires_grad=True) for _ in range(3))

    def step():
        y = x
        for _ in range(500):
            y = y * w
            y = y + b
        y.sum().backward()

    return step


def ngram():
    embedding, hidden, head = nn.Embedding(97, 10), nn.Linear(20, 128), nn.Linear(128, 97)
    context, target = torch.tensor([3, 5]), torch.tensor([7])
    optimizer = torch.optim.SGD(parameters(embedding, hidden, head), lr=0.001)
    return training(
        lambda: head(torch.relu(hidden(embedding(context).view(1, -1)))),
        nn.CrossEntropyLoss(),
        target,
        optimizer,
    )


def airline_fc():
    model = nn.Sequential(
        nn.Linear(3, 20), nn.ReLU(), nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 5), nn.ReLU(),
        nn.Linear(5, 1),
    )  # fmt: skip
    x, y = torch.randn(96, 3), torch.randn(96, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    return training(lambda: model(x), nn.MSELoss(), y, optimizer)


def cell_loop_4k():
    cell, x = nn.GRUCell(32, 32), torch.randn(4000, 1, 32, requires_grad=True)

    def step():
        h = torch.zeros(1, 32)
        for t in range(4000):
            h = cell(x[t], h)
        h.sum().backward()
        x.grad = None
        cell.zero_grad()

    return step


def transpose_4096():
    x = torch.randn(4096, 4096)
    return lambda: x.t().contiguous()


def embedding_50k():
    table, words = nn.Embedding(50_000, 128), torch.randint(50_000, (35, 32))
    optimizer = torch.optim.SGD(table.parameters(), lr=0.1)

    def step():
        optimizer.zero_grad()
        table(words).pow(2).sum().backward()
        optimizer.step()

    return step


def beijing_csv():
    import pandas

    path = os.path.join(os.environ["UNROLL_DATA"], "pollution.csv")
    return lambda: pandas.read_csv(path)


WORKLOADS = {
    "beijing_csv": beijing_csv,
    "sin_cos": lambda: series(nn.RNN(1, 32), 32, 10),
    "airline_rnn": lambda: series(nn.RNN(1, 10, 2), 10, 99),
    "airline_lstm": lambda: series(nn.LSTM(1, 5, 2), 5, 99),
    "airline_gru": lambda: series(nn.GRU(1, 5, 2), 5, 99),
    "keras_sine": keras_sine,
    "charlm_rnn": lambda: characters(nn.RNN(28, 256)),
    "charlm_gru": lambda: characters(nn.GRU(28, 256)),
    "charlm_lstm": lambda: characters(nn.LSTM(28, 256)),
    "charlm_deep_lstm": lambda: characters(nn.LSTM(28, 256, 2)),
    "charlm_bi_lstm": lambda: characters(nn.LSTM(28, 256, 2, bidirectional=True), 2),
    "mnist_rows": mnist_rows,
    "generate_200": generate_200,
    "generate_200_of_32": lambda: generate_200(32),
    "charlm_checkpoint": lambda: characters(nn.LSTM(28, 256), checkpointing=True),
    "long_1k": lambda: series(nn.LSTM(1, 32), 32, 1_000),
    "long_10k": lambda: series(nn.LSTM(1, 32), 32, 10_000),
    "long_100k": lambda: series(nn.LSTM(1, 32), 32, 100_000),
    "autograd_overhead": autograd_overhead,
    "ngram": ngram,
    "airline_fc": airline_fc,
    "cell_loop_4k": cell_loop_4k,
    "transpose_4096": transpose_4096,
    "embedding_50k": embedding_50k,
}


peer_loop.main(f"PyTorch {torch.__version__}", WORKLOADS, torch.set_num_threads)
