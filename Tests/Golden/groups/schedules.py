"""Learning-rate schedules.

An `op` is the class in `torch.optim.lr_scheduler`, its `config` the constructor's arguments, with
`lr` the optimizer's own rate and `steps` how often the schedule is stepped. The output `lr` holds
`steps` + 1 rates: the one at the start and the one after each step. `ReduceLROnPlateau` takes the
input `metrics`, the monitored value of each step.
"""

import torch
from torch.optim import lr_scheduler

from golden import case, literal

SCHEDULES = {
    "StepLR": [
        {"lr": 0.1, "step_size": 3, "steps": 10},
        {"lr": 1.0, "step_size": 1, "gamma": 0.5, "steps": 6},
        {"lr": 0.05, "step_size": 4, "gamma": 0.9, "steps": 20},
    ],
    "CosineAnnealingLR": [
        {"lr": 0.1, "T_max": 10, "steps": 10}, {"lr": 0.5, "T_max": 8, "eta_min": 0.05, "steps": 8},
        {"lr": 0.1, "T_max": 1, "steps": 1},
    ],
    "LinearLR": [
        {"lr": 0.1, "start_factor": 0.1, "total_iters": 5, "steps": 8}, {"lr": 0.2, "steps": 7},
        {"lr": 0.1, "start_factor": 0.25, "end_factor": 0.75, "total_iters": 4, "steps": 6},
    ],
    "MultiStepLR": [
        {"lr": 0.1, "milestones": [2, 5, 6], "steps": 8},
        {"lr": 1.0, "milestones": [4, 0, 2, 2], "gamma": 0.5, "steps": 6},
    ],
    "ExponentialLR": [
        {"lr": 0.1, "gamma": 0.9, "steps": 10}, {"lr": 1.0, "gamma": 1.1, "steps": 4},
    ],
    # The factor of step n is 1 / (1 + n / `decay`).
    "LambdaLR": [{"lr": 0.1, "decay": 4.0, "steps": 9}],
    "OneCycleLR": [
        {"lr": 0.1, "max_lr": 0.1, "total_steps": 12, "steps": 11},
        {"lr": 0.1, "max_lr": 0.5, "total_steps": 20, "pct_start": 0.25, "steps": 19},
        {"lr": 0.1, "max_lr": 1.0, "total_steps": 10, "anneal_strategy": "linear", "steps": 9},
        {"lr": 0.1, "max_lr": 0.3, "total_steps": 16, "div_factor": 10.0, "final_div_factor": 100.0,
         "steps": 15},
        {"lr": 0.1, "max_lr": 0.3, "total_steps": 15, "three_phase": True, "pct_start": 0.4,
         "steps": 14},
    ],
}

FALLING_THEN_FLAT = [3.0, 2.0, 1.5, 1.49999, 1.6, 1.5, 1.7, 1.4, 1.45, 1.5, 1.41, 1.42, 1.43, 1.3]
PLATEAUS = [
    {}, {"patience": 2}, {"patience": 1, "factor": 0.5}, {"patience": 1, "cooldown": 2},
    {"patience": 1, "threshold": 0.05}, {"patience": 1, "threshold": 0.15, "threshold_mode": "abs"},
    {"patience": 0, "min_lr": 0.02}, {"patience": 2, "mode": "max"},
    {"patience": 0, "factor": 0.9, "eps": 0.005},
]


def rates(op, lr, steps, config, metrics=None):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
    more = {"cycle_momentum": False} if op == "OneCycleLR" else {}
    schedule = getattr(lr_scheduler, op)(optimizer, **config, **more)
    seen = [optimizer.param_groups[0]["lr"]]
    for step in range(steps):
        optimizer.step()
        schedule.step(*([] if metrics is None else [float(metrics[step])]))
        seen.append(optimizer.param_groups[0]["lr"])
    return {"lr": torch.tensor(seen, dtype=torch.float64)}


def cases():
    for op, table in SCHEDULES.items():
        for config in table:
            arguments = {k: v for k, v in config.items() if k not in ["lr", "steps"]}
            if op == "LambdaLR":
                decay = arguments.pop("decay")
                arguments["lr_lambda"] = lambda step: 1 / (1 + step / decay)
            yield case(op, {}, lambda: rates(op, config["lr"], config["steps"], arguments), config,
                       differentiate=False)
    for config in PLATEAUS:
        steps = len(FALLING_THEN_FLAT)
        yield case("ReduceLROnPlateau", {"metrics": literal(FALLING_THEN_FLAT)},
                   lambda metrics: rates("ReduceLROnPlateau", 0.1, steps, config, metrics),
                   {"lr": 0.1, **config, "steps": steps}, differentiate=False)
