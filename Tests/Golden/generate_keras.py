"""Writes callbacks.json: what Keras' callbacks decide, epoch by epoch. Needs Keras and PyTorch.

    python generate_keras.py

| op | inputs → outputs |
|---|---|
| `keras.EarlyStopping` | `losses` → `stopped_epoch`, `best_epoch`, `restored_epoch`, `best` |
| `keras.ReduceLROnPlateau` | `losses` → `lr` after each epoch |
| `keras.ModelCheckpoint` | `losses` → `saved`, 1 for each epoch whose model is written |

`config` holds the constructor's arguments (for the second also `lr`, the rate to begin with).
Epochs count from 0. `stopped_epoch` is the epoch after which training stops, −1 if it does not;
`restored_epoch` is the one whose weights the model has in the end: the last one run, or the best
where `restore_best_weights` is set (which Keras does also when training was not stopped early).
"""

import os
import sys

sys.dont_write_bytecode = True
os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

import golden
from golden import case, literal

keras.config.set_floatx("float64")  # in float32 Keras compares rounded losses

# No loss is better than another by just a `min_delta` used below: rounding would decide.
LOSSES = {
    "falling": [5.0, 4.0, 3.5, 3.25, 3.125, 3.0, 2.9, 2.8],
    "rising": [1.0, 1.5, 2.0, 2.5, 3.0, 3.5],
    "flat": [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
    "falling, then flat": [3.0, 2.0, 1.5, 1.49985, 1.4998, 1.4999, 1.5, 1.4995, 1.5, 1.5, 1.5, 1.5],
    "noisy": [3.0, 2.5, 2.75, 2.25, 2.5, 2.4, 2.3, 2.2, 2.6, 2.5, 2.4, 2.3, 2.1, 2.2, 2.3, 2.4],
    "one of them not a number": [3.0, 2.5, float("nan"), 2.75, 2.0, 2.5, 2.5, 2.5],
    "an accuracy": [0.5, 0.625, 0.6, 0.75, 0.7, 0.7, 0.8, 0.75, 0.75, 0.7, 0.65, 0.6],
}
MINIMA = [name for name in LOSSES if name != "an accuracy"]

EARLY_STOPPING = [
    {}, {"patience": 1}, {"patience": 2}, {"patience": 3, "restore_best_weights": True},
    {"patience": 2, "min_delta": 0.01}, {"patience": 2, "start_from_epoch": 3},
    {"patience": 3, "baseline": 2.3}, {"patience": 20, "restore_best_weights": True},
    {"patience": 1, "min_delta": 0.17, "restore_best_weights": True, "start_from_epoch": 2},
]
REDUCE_LR = [
    {"patience": 2}, {"patience": 1, "factor": 0.5}, {"patience": 1, "cooldown": 2},
    {"patience": 2, "min_delta": 0.04}, {"patience": 1, "factor": 0.5, "min_lr": 0.02}, {},
    {"patience": 0, "factor": 0.9}, {"patience": 2, "factor": 0.2, "cooldown": 1, "min_delta": 0},
]
CHECKPOINT = [
    {}, {"save_best_only": True}, {"save_best_only": True, "initial_value_threshold": 2.3},
]
MAXIMISED = {
    "EarlyStopping": [{"patience": 2}, {"patience": 2, "min_delta": 0.055}],
    "ReduceLROnPlateau": [{"patience": 2}],
    "ModelCheckpoint": [{"save_best_only": True}],
}


class Model:
    """As much of a model as a callback touches; its weights are the number of the epoch."""

    def __init__(self, lr):
        self.optimizer = keras.optimizers.SGD(learning_rate=lr)
        self.stop_training, self.weights, self.saves = False, [-1], 0

    def get_weights(self):
        return list(self.weights)

    def set_weights(self, weights):
        self.weights = list(weights)

    def save(self, path, overwrite):
        self.saves += 1


def train(callback, losses, lr=0.1):
    """Tells the callback of epoch after epoch; what the model was like after each."""
    model = Model(lr)
    callback.set_model(model)
    callback.on_train_begin()
    rates, saves = [], []
    for epoch, loss in enumerate(losses.tolist()):
        before = model.saves
        model.weights = [epoch]
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(model.optimizer.learning_rate))
        saves.append(model.saves - before)
        if model.stop_training:
            break
    callback.on_train_end()
    return model, rates, saves


def early_stopping(losses, **config):
    callback = keras.callbacks.EarlyStopping(**config)
    model, rates, _ = train(callback, losses)
    best = float("nan") if callback.best is None else float(callback.best)
    return {
        "stopped_epoch": torch.tensor(len(rates) - 1 if model.stop_training else -1),
        "best_epoch": torch.tensor(callback.best_epoch),
        "restored_epoch": torch.tensor(model.weights[0]),
        "best": torch.tensor(best, dtype=torch.float64),
    }


def reduce_lr(losses, lr=0.1, **config):
    _, rates, _ = train(keras.callbacks.ReduceLROnPlateau(**config), losses, lr)
    return {"lr": torch.tensor(rates, dtype=torch.float64)}


def checkpoint(losses, **config):
    _, _, saves = train(keras.callbacks.ModelCheckpoint("model.keras", **config), losses)
    return {"saved": torch.tensor(saves)}


CALLBACKS = {
    "EarlyStopping": (early_stopping, EARLY_STOPPING),
    "ReduceLROnPlateau": (reduce_lr, [{"lr": 0.1, **config} for config in REDUCE_LR]),
    "ModelCheckpoint": (checkpoint, CHECKPOINT),
}


def cases():
    for op, (decide, table) in CALLBACKS.items():
        rows = [(name, config) for config in table for name in MINIMA]
        rows += [("an accuracy", {"mode": "max", **config}) for config in MAXIMISED[op]]
        for name, config in rows:
            # A NaN that is judged first is Keras' best for ever; here it is none.
            if name == "one of them not a number" and config.get("start_from_epoch") == 2:
                continue
            yield case(f"keras.{op}", {"losses": literal(LOSSES[name])},
                       lambda losses: decide(losses, **config), config, differentiate=False,
                       name=name + golden.settings_of(config))


golden.write("callbacks", cases(), f"Keras {keras.__version__}, float64")
