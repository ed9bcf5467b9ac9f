"""Another side of the benchmark: the same training steps in JAX, each compiled whole by XLA.

Called with a number of threads, which it keeps to: XLA takes as many as it may use cores when it
starts. Reads lines "workload threads steps" and answers as peer.py does. A recurrent layer is a
lax.scan; the optimizer's step is part of what is compiled.
"""

import os
import sys

os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])])
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np
import peer_loop
from jax import lax

generator = np.random.default_rng(0)


def weight(*shape):
    bound = shape[-1] ** -0.5
    return jnp.asarray(generator.uniform(-bound, bound, shape), jnp.float32)


def normal(*shape):
    return jnp.asarray(generator.standard_normal(shape), jnp.float32)


def classes(count, *shape):
    return jnp.asarray(generator.integers(count, size=shape))


def linear(inputs, outputs):
    return {"w": weight(outputs, inputs), "b": jnp.zeros(outputs)}


def apply(p, x):
    return x @ p["w"].T + p["b"]


GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def layer(inputs, hidden, kind):
    n = GATES[kind] * hidden
    return {
        "w_ih": weight(n, inputs), "w_hh": weight(n, hidden), "b_ih": weight(n), "b_hh": weight(n),
    }  # fmt: skip


def run(p, x, kind, state=None, reverse=False):
    """x [time, batch, input] → states [time, batch, hidden] and the last one."""
    gates = x @ p["w_ih"].T + p["b_ih"]
    zeros = jnp.zeros((x.shape[1], p["w_hh"].shape[1]))

    def rnn(h, g):
        h = jnp.tanh(g + h @ p["w_hh"].T + p["b_hh"])
        return h, h

    def gru(h, g):
        r, z, n = jnp.split(g, 3, 1)
        a, b, c = jnp.split(h @ p["w_hh"].T + p["b_hh"], 3, 1)
        z = jax.nn.sigmoid(z + b)
        h = (1 - z) * jnp.tanh(n + jax.nn.sigmoid(r + a) * c) + z * h
        return h, h

    def lstm(state, g):
        h, c = state
        i, f, g, o = jnp.split(g + h @ p["w_hh"].T + p["b_hh"], 4, 1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    step = {"rnn": rnn, "gru": gru, "lstm": lstm}[kind]
    start = state if state is not None else (zeros, zeros) if kind == "lstm" else zeros
    last, states = lax.scan(step, start, gates, reverse=reverse)
    return states, last


def mse(a, b):
    return jnp.mean((a - b) ** 2)


def cross_entropy(logits, y):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1))


def each(f, *trees):
    return jax.tree_util.tree_map(f, *trees)


def sgd(rate):
    return lambda p: (), lambda p, g, s: (each(lambda p, g: p - rate * g, p, g), s)


def rmsprop(rate, alpha=0.99, eps=1e-8):
    def update(p, g, s):
        s = each(lambda s, g: alpha * s + (1 - alpha) * g * g, s, g)
        return each(lambda p, g, s: p - rate * g / (jnp.sqrt(s) + eps), p, g, s), s

    return lambda p: each(jnp.zeros_like, p), update


def adam(rate, b1=0.9, b2=0.999, eps=1e-8):
    def update(p, g, s):
        t, m, v = s
        t = t + 1
        m = each(lambda m, g: b1 * m + (1 - b1) * g, m, g)
        v = each(lambda v, g: b2 * v + (1 - b2) * g * g, v, g)
        a, b = 1 - b1**t, 1 - b2**t
        p = each(lambda p, m, v: p - rate * (m / a) / (jnp.sqrt(v / b) + eps), p, m, v)
        return p, (t, m, v)

    return lambda p: (jnp.float32(0), each(jnp.zeros_like, p), each(jnp.zeros_like, p)), update


def training(p, loss, optimizer, clipped=False):
    start, update = optimizer

    def step(p, s):
        g = jax.grad(loss)(p)
        if clipped:
            norm = jnp.sqrt(sum(jnp.sum(x * x) for x in jax.tree_util.tree_leaves(g)))
            g = each(lambda x: x * jnp.minimum(1, 1 / (norm + 1e-6)), g)
        return update(p, g, s)

    compiled = jax.jit(step, donate_argnums=(0, 1))
    held = [p, start(p)]

    def one():
        held[:] = compiled(*held)
        jax.block_until_ready(held)

    return one


def series(kind, hidden, steps, layers=1, batch=1, size=1):
    sizes = [size] + [hidden] * (layers - 1)
    p = {"layers": [layer(n, hidden, kind) for n in sizes], "head": linear(hidden, 1)}
    x, y = normal(steps, batch, size), normal(steps, batch, 1)

    def loss(p):
        out = x
        for q in p["layers"]:
            out, _ = run(q, out, kind)
        return mse(apply(p["head"], out), y)

    return training(p, loss, adam(0.01))


def keras_sine():
    p = {"a": layer(1, 50, "lstm"), "b": layer(50, 100, "lstm"), "head": linear(100, 1)}
    x, y = normal(10, 32, 1), normal(32, 1)

    def loss(p):
        states, _ = run(p["b"], run(p["a"], x, "lstm")[0], "lstm")
        return mse(apply(p["head"], states[-1]), y)

    return training(p, loss, rmsprop(0.001))


def characters(kind, layers=1, directions=1):
    sizes = [28] + [256 * directions] * (layers - 1)
    p = {
        "layers": [[layer(n, 256, kind) for _ in range(directions)] for n in sizes],
        "head": linear(256 * directions, 28),
    }
    x, y = jax.nn.one_hot(classes(28, 35, 32), 28), classes(28, 35 * 32)

    def loss(p):
        out = x
        for each_way in p["layers"]:
            ways = [run(q, out, kind, reverse=k == 1)[0] for k, q in enumerate(each_way)]
            out = jnp.concatenate(ways, 2)
        return cross_entropy(apply(p["head"], out).reshape(35 * 32, 28), y)

    return training(p, loss, sgd(1.0), clipped=True)


def mnist_rows():
    p = {"layer": layer(28, 128, "lstm"), "head": linear(128, 10)}
    x, y = jnp.abs(normal(28, 64, 28)), classes(10, 64)
    return training(
        p, lambda p: cross_entropy(apply(p["head"], run(p["layer"], x, "lstm")[0][-1]), y),
        adam(0.001),
    )  # fmt: skip


def generate_200(batch=1):
    p = {"layer": layer(28, 256, "lstm"), "head": linear(256, 28)}

    def one(carry, _):
        character, state = carry
        x = jax.nn.one_hot(character, 28)[None]  # [1, batch, 28]
        states, state = run(p["layer"], x, "lstm", state)
        return (jnp.argmax(apply(p["head"], states[0]), -1), state), character

    zeros = jnp.zeros((batch, 256))
    start = (jnp.arange(3, 3 + batch) % 28, (zeros, zeros))
    compiled = jax.jit(lambda start: lax.scan(one, start, None, length=200))
    return lambda: jax.block_until_ready(compiled(start))


def autograd_overhead():
    x, w, b = normal(4), normal(4), normal(4)

    def loss(x, w, b):
        for _ in range(500):
            x = x * w
            x = x + b
        return x.sum()

    compiled = jax.jit(jax.grad(loss, (0, 1, 2)))
    return lambda: jax.block_until_ready(compiled(x, w, b))


def ngram():
    p = {"table": normal(97, 10), "hidden": linear(20, 128), "head": linear(128, 97)}
    context, target = jnp.array([3, 5]), jnp.array([7])

    def loss(p):
        vectors = p["table"][context].reshape(1, 20)
        return cross_entropy(apply(p["head"], jax.nn.relu(apply(p["hidden"], vectors))), target)

    return training(p, loss, sgd(0.001))


def airline_fc():
    sizes = [3, 20, 10, 5, 1]
    p = [linear(a, b) for a, b in zip(sizes, sizes[1:])]
    x, y = normal(96, 3), normal(96, 1)

    def loss(p):
        out = x
        for q in p[:-1]:
            out = jax.nn.relu(apply(q, out))
        return mse(apply(p[-1], out), y)

    return training(p, loss, adam(0.01))


def transpose_4096():
    x = normal(4096, 4096)
    compiled = jax.jit(lambda x: x.T + 0)
    return lambda: jax.block_until_ready(compiled(x))


def embedding_50k():
    words = classes(50_000, 35, 32)
    return training(normal(50_000, 128), lambda p: (p[words] ** 2).sum(), sgd(0.1))


WORKLOADS = {
    "sin_cos": lambda: series("rnn", 32, 10),
    "airline_rnn": lambda: series("rnn", 10, 99, 2),
    "airline_lstm": lambda: series("lstm", 5, 99, 2),
    "airline_gru": lambda: series("gru", 5, 99, 2),
    "keras_sine": keras_sine,
    "charlm_rnn": lambda: characters("rnn"),
    "charlm_gru": lambda: characters("gru"),
    "charlm_lstm": lambda: characters("lstm"),
    "charlm_deep_lstm": lambda: characters("lstm", 2),
    "charlm_bi_lstm": lambda: characters("lstm", 2, 2),
    "mnist_rows": mnist_rows,
    "generate_200": generate_200,
    "generate_200_of_32": lambda: generate_200(32),
    "autograd_overhead": autograd_overhead,
    "ngram": ngram,
    "airline_fc": airline_fc,
    "transpose_4096": transpose_4096,
    "embedding_50k": embedding_50k,
    "long_1k": lambda: series("lstm", 32, 1_000),
    "long_10k": lambda: series("lstm", 32, 10_000),
    "long_100k": lambda: series("lstm", 32, 100_000),
}


peer_loop.main(f"JAX {jax.__version__}", WORKLOADS)
