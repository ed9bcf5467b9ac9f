"""Optimizers over many steps, and the clipping of gradients."""

import torch

from golden import case, literal, numbers

SGD = [
    {}, {"lr": 0.1}, {"lr": 0.1, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}, {"lr": 0.1, "weight_decay": 0.05},
    {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
    {"lr": 0.05, "momentum": 0.8, "dampening": 0.1, "weight_decay": 0.1},
]
RMSPROP = [
    {}, {"lr": 0.02}, {"lr": 0.02, "alpha": 0.9}, {"lr": 0.02, "eps": 0.01},
    {"lr": 0.02, "momentum": 0.9}, {"lr": 0.02, "centered": True},
    {"lr": 0.02, "weight_decay": 0.1},
    {"lr": 0.01, "alpha": 0.95, "eps": 1e-6, "momentum": 0.5, "centered": True,
     "weight_decay": 0.01},
]
ADAM = [
    {}, {"lr": 0.02}, {"lr": 0.02, "betas": [0.8, 0.9]}, {"lr": 0.02, "eps": 0.01},
    {"lr": 0.02, "weight_decay": 0.1}, {"lr": 0.02, "weight_decay": 0},
    {"lr": 0.02, "amsgrad": True}, {"lr": 0.02, "betas": [0.7, 0.99], "amsgrad": True,
                                    "weight_decay": 0.2},
]
OPTIMIZERS = {
    torch.optim.SGD: SGD, torch.optim.RMSprop: RMSPROP, torch.optim.Adam: ADAM,
    torch.optim.AdamW: ADAM,
}
RUNS = [((), 3), ((4,), 10), ((2, 3), 5), ((2, 1, 2), 1), ((2,), 60)]  # shape, steps

CLIP_NORM = [  # shapes of the gradients, the limit
    ([(3,)], 1.0), ([(3,)], 100.0), ([(2, 3), (4,), ()], 1.0), ([(2, 3), (4,), ()], 0.25),
    ([(2, 3), (4,), ()], 50), ([(1, 1), (2, 1, 2)], 2.0), ([()], 0.001), ([(100,), (3, 30)], 5.0),
]


def descent(make, config, shape, steps):
    """The parameter after each step down the gradients given."""
    inputs = {"parameter": numbers(*shape)}
    inputs |= {f"gradient_{n}": numbers(*shape, low=-1) for n in range(1, steps + 1)}

    def compute(parameter, **gradients):
        parameter = parameter.clone()
        optimizer = make([parameter], **config)
        outputs = {}
        for n, gradient in enumerate(gradients.values(), 1):
            parameter.grad = gradient.clone()
            optimizer.step()
            outputs[f"parameter_{n}"] = parameter.clone()
        return outputs

    config_and_steps = {**config, "steps": steps}
    words = [str(list(shape))] + [f"{key} {value}" for key, value in config_and_steps.items()]
    return case(make.__name__, inputs, compute, config_and_steps, name=", ".join(words),
                differentiate=False)


def clipped(function, limits):
    def compute(**gradients):
        parameters = [torch.zeros_like(gradient) for gradient in gradients.values()]
        for parameter, gradient in zip(parameters, gradients.values()):
            parameter.grad = gradient.clone()
        norm = function(parameters, **limits)
        total = {} if norm is None else {"total_norm": norm}
        return total | {key: p.grad for key, p in zip(gradients, parameters)}

    return compute


def gradients(shapes):
    return {f"gradient_{n}": numbers(*shape) for n, shape in enumerate(shapes, 1)}


def cases():
    for make, table in OPTIMIZERS.items():
        for number, config in enumerate(table):
            for shape, steps in [RUNS[number % len(RUNS)], ((3,), 12)]:
                yield descent(make, config, shape, steps)
    norm, value = torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad_value_
    for shapes, limit in CLIP_NORM:
        limits = {"max_norm": limit}
        yield case("clip_grad_norm", gradients(shapes), clipped(norm, limits), limits,
                   differentiate=False)
        limits = {"clip_value": limit}
        yield case("clip_grad_value", gradients(shapes), clipped(value, limits), limits,
                   differentiate=False)
    zeros = {"gradient_1": literal([0.0, 0.0], "zeros")}
    yield case("clip_grad_norm", zeros, clipped(norm, {"max_norm": 1.0}), {"max_norm": 1.0},
               differentiate=False)
