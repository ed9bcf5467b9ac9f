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


# The learning rates and weight decays of three groups; the schedule is stepped after every step.
GROUPS = [
    (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    (torch.optim.RMSprop, {"lr": 0.02, "weight_decay": 0.1}),
    (torch.optim.Adam, {"lr": 0.02, "weight_decay": 0.1}), (torch.optim.AdamW, {"lr": 0.02}),
]
MORE = [{"lr": 0.05, "weight_decay": 0.3}, {"weight_decay": 0.0}]


def grouped(make, config, schedule, arguments):
    """Three parameters, each in a group of its own, and their rates, down the gradients given."""
    steps = 7
    inputs = {f"parameter_{n}": numbers(3) for n in [1, 2, 3]}
    inputs |= {f"gradient_{n}": numbers(3, low=-1) for n in range(1, 3 * steps + 1)}

    def compute(**arrays):
        parameters = [arrays[f"parameter_{n}"].clone() for n in [1, 2, 3]]
        optimizer = make([parameters[0]], **config)
        for parameter, more in zip(parameters[1:], MORE):
            optimizer.add_param_group({"params": [parameter], **more})
        scheduler = getattr(torch.optim.lr_scheduler, schedule)(optimizer, **arguments)
        gradients = iter(arrays[f"gradient_{n}"] for n in range(1, 3 * steps + 1))
        rates = []
        for _ in range(steps):
            for parameter in parameters:
                parameter.grad = next(gradients).clone()
            optimizer.step()
            scheduler.step()
            rates += [group["lr"] for group in optimizer.param_groups]
        outputs = {f"parameter_{n}": parameter for n, parameter in enumerate(parameters, 1)}
        return {**outputs, "rates": torch.tensor(rates, dtype=torch.float64)}

    settings = {**config, "optimizer": make.__name__, "schedule": schedule, "steps": steps}
    return case("groups", inputs, compute, settings,
                name=f"{make.__name__} in three groups under {schedule}", differentiate=False)


def keras_adam(lr, eps, amsgrad, shape, steps):
    """Adam as keras.optimizers.Adam.update_step writes it down."""
    inputs = {"parameter": numbers(*shape)}
    inputs |= {f"gradient_{n}": numbers(*shape, low=-1) for n in range(1, steps + 1)}

    def compute(parameter, **gradients):
        m = v = largest = torch.zeros_like(parameter)
        outputs = {}
        for n, g in enumerate(gradients.values(), 1):
            m, v = m + (g - m) * (1 - 0.9), v + (g * g - v) * (1 - 0.999)
            largest = torch.maximum(largest, v)
            alpha = lr * (1 - 0.999**n) ** 0.5 / (1 - 0.9**n)
            parameter = parameter - m * alpha / ((largest if amsgrad else v).sqrt() + eps)
            outputs[f"parameter_{n}"] = parameter
        return outputs

    config = {"lr": lr, "eps": eps, "amsgrad": amsgrad, "steps": steps}
    words = [str(list(shape))] + [f"{key} {value}" for key, value in config.items()]
    return case("keras.Adam", inputs, compute, config, name=", ".join(words), differentiate=False)


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
    for make, config in GROUPS:
        yield grouped(make, config, "StepLR", {"step_size": 2, "gamma": 0.5})
    yield grouped(*GROUPS[2], "CosineAnnealingLR", {"T_max": 9, "eta_min": 0.004})
    for eps, amsgrad in [(1e-7, False), (0.1, False), (0.1, True)]:
        yield keras_adam(0.01, eps, amsgrad, (4,), 8)
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
