"""Layers without a memory: Linear, Embedding, LayerNorm; BatchNorm1d, which remembers means."""

from torch import nn
from torch.func import functional_call

from golden import case, integers, literal, numbers

LINEAR = [  # in_features, out_features, leading axes
    (3, 2, ()), (3, 2, (4,)), (1, 1, (1,)), (4, 1, (2, 3)), (1, 3, (2, 1)), (2, 5, (2, 1, 3)),
    (19, 9, (5,)),
]
EMBEDDING = [  # num_embeddings, embedding_dim, indices, further settings
    (4, 3, integers(high=4), {}), (4, 3, integers(5, high=4), {}),
    (4, 1, integers(2, 3, high=4), {}), (1, 2, integers(3, high=1), {}),
    (5, 2, integers(2, 1, 3, high=5), {}),
    (4, 3, literal([1, 1, 3, 1], "repeated"), {}),
    (4, 3, literal([0, 2, 0, 3], "padded"), {"padding_idx": 0}),
    (4, 2, literal([[3, 1], [2, 3]], "padded at the end"), {"padding_idx": 3}),
    (4, 2, literal([[3, 1], [2, 3]], "padded, counted from the end"), {"padding_idx": -1}),
]
LAYER_NORM = [  # shape of the input, normalized_shape, further settings
    ((4,), [4], {}), ((2, 4), [4], {}), ((2, 3, 4), [4], {}), ((2, 3, 4), [3, 4], {}),
    ((2, 3), [2, 3], {}), ((2, 3, 1), [3, 1], {}), ((2, 1, 3), [1, 3], {}),
    ((3, 1), [1], {"eps": 0.01}),
    ((2, 4), [4], {"elementwise_affine": False}),
    ((2, 4), [4], {"bias": False}),
    ((2, 4), [4], {"eps": 0.1}),
    ((2, 3, 4), [3, 4], {"bias": False, "eps": 1e-3}),
    ((3, 33), [33], {}),
]


def layer(make, inputs, config, low=-0.8, high=0.8):
    """A case of a layer as `torch.nn` builds it, its parameters drawn like any other numbers."""
    module = make(**config).double()
    parameters = {
        name: numbers(*value.shape, low=low, high=high)
        for name, value in module.named_parameters()
    }

    def compute(input, **weights):
        return functional_call(module, weights, (input,))

    return case(make.__name__, {"input": inputs}, compute, config, parameters)


BATCH_NORM = [  # shape of the input, settings, batches before that are taken in
    ((4, 3), {}, 0), ((5, 2, 3), {}, 0), ((4, 3), {"eps": 0.1}, 1), ((4, 3), {"momentum": 0.5}, 2),
    ((4, 3), {"momentum": None}, 3), ((4, 3), {"affine": False}, 1), ((1, 2, 6), {}, 1),
    ((4, 3), {"track_running_stats": False}, 0),
]


def batch_norm(shape, config, before, training):
    """The layer's output after some batches have been taken in, and what it then remembers."""
    config = {"num_features": shape[1], **config}
    parameters = {} if config.get("affine") is False else {
        name: numbers(shape[1], low=0.3) for name in ["weight", "bias"]}
    # None has no place in the files.
    written = {key: "none" if value is None else value for key, value in config.items()}

    def compute(input, weight=None, bias=None, **earlier):
        module = nn.BatchNorm1d(**config).double()
        for batch in earlier.values():
            module(batch.detach())
        module.train(training)
        weights = {} if weight is None else {"weight": weight, "bias": bias}
        output = functional_call(module, weights, (input,))
        kept = {name: value.double() for name, value in module.named_buffers()}
        return {"output": output, **kept}

    inputs = {"input": numbers(*shape)}
    inputs |= {f"earlier_{n}": numbers(*shape, low=-1) for n in range(1, before + 1)}
    settings = {**written, "training": training}
    words = [str(list(shape))] + [f"{key} {value}" for key, value in settings.items()]
    return case("BatchNorm1d", inputs, compute, settings, parameters, name=", ".join(words))


def cases():
    for shape, config, before in BATCH_NORM:
        for training in [True, False]:
            yield batch_norm(shape, config, before, training)
    for inside, outside, leading in LINEAR:
        for bias in [{}, {"bias": True}, {"bias": False}]:
            config = {"in_features": inside, "out_features": outside, **bias}
            yield layer(nn.Linear, numbers(*leading, inside), config)
    for count, dim, indices, more in EMBEDDING:
        config = {"num_embeddings": count, "embedding_dim": dim, **more}
        yield layer(nn.Embedding, indices, config)
    for shape, normalized, more in LAYER_NORM:
        config = {"normalized_shape": normalized, **more}
        yield layer(nn.LayerNorm, numbers(*shape), config)
