"""The golden format: arrays, cases and files, and the recipes that inputs are drawn from."""

import json
import pathlib
import zlib

import torch

FOLDER = pathlib.Path(__file__).parent
SEED = 7
LARGEST_FILE = 280_000  # bytes; what is longer is cut into numbered parts
SOURCE = f"PyTorch {torch.__version__}, float64, seed {SEED}"


class Recipe:
    """How to draw an array, and the words that name it in a case's title."""

    def __init__(self, draw, note):
        self.draw, self.note = draw, note

    def then(self, function, note):
        return Recipe(lambda generator: function(self.draw(generator)), note)


def numbers(*shape, low=-2.0, high=2.0, note=None):
    """Three-decimal numbers, none zero and no two equal: `max` has one answer, no kink is hit."""

    def draw(generator):
        count = torch.Size(shape).numel()
        grid = torch.arange(round(low * 1000), round(high * 1000) + 1)
        grid = grid[grid != 0]
        drawn = grid[torch.randperm(len(grid), generator=generator)[:count]]
        return (drawn.double() / 1000).reshape(shape)

    return Recipe(draw, note or str(list(shape)))


def integers(*shape, low=0, high, note=None):
    """Integers from `low` to just below `high`."""
    draw = lambda generator: torch.randint(low, high, shape, generator=generator)
    return Recipe(draw, note or str(list(shape)))


def literal(values, note=None):
    """The very numbers given; integers stay integers."""
    tensor = torch.as_tensor(values)
    if tensor.is_floating_point():
        tensor = torch.as_tensor(values, dtype=torch.float64)
    return Recipe(lambda generator: tensor.clone(), note or str(list(tensor.shape)))


def shapes_of(inputs):
    return " and ".join(recipe.note for recipe in inputs.values())


def settings_of(config):
    return "".join(f", {key} {json.dumps(value)}" for key, value in config.items())


def case(op, inputs, compute, config={}, parameters={}, name=None, constants=(),
         differentiate=True, silent=(), tolerance=None):
    """One case: draws what `inputs` and `parameters` describe, computes, and differentiates.

    `compute` takes the arrays by name and returns an array or a dictionary of them. `constants`
    names floating-point inputs whose gradient is not asked for, `silent` the outputs that get no
    cotangent. Each case has a generator of its own, seeded by its title, so that a new line in a
    table changes no other case's numbers.
    """
    title = f"{op}, {name or shapes_of(inputs)}{settings_of(config) if not name else ''}"
    generator = torch.Generator().manual_seed(SEED + zlib.crc32(title.encode()))
    draw = lambda recipes: {key: recipe.draw(generator) for key, recipe in recipes.items()}
    parameters, inputs = draw(parameters), draw(inputs)
    arrays = {**parameters, **inputs}
    leaves = {
        key: array.requires_grad_() for key, array in arrays.items()
        if differentiate and array.is_floating_point() and key not in constants
    }
    outputs = compute(**arrays)
    if isinstance(outputs, torch.Tensor):
        outputs = {"output": outputs}
    record = {
        "name": title, "op": op, "config": dict(config), "parameters": encoded(parameters),
        "inputs": encoded(inputs), "outputs": encoded(outputs),
    }
    if leaves:
        record |= derivatives(leaves, outputs, silent, generator)
    if tolerance is not None:
        record["tolerance"] = tolerance
    return {key: value for key, value in record.items() if value != {} or key == "config"}


def derivatives(leaves, outputs, silent, generator):
    """Random cotangents, and the gradients of Σ output · cotangent."""
    cotangents = {
        key: numbers(*array.shape, low=-1).draw(generator)
        for key, array in outputs.items() if key not in silent and array.requires_grad
    }
    gradients = torch.autograd.grad(
        [outputs[key] for key in cotangents], list(leaves.values()), list(cotangents.values()),
        allow_unused=True, materialize_grads=True)
    return {
        "cotangents": encoded(cotangents), "gradients": encoded(dict(zip(leaves, gradients)))}


def encoded(arrays):
    return {key: encode(array) for key, array in arrays.items()}


def encode(array):
    """An array as the files hold it: integers without a fraction, NaN as null."""
    array = array.detach()
    record = {"shape": list(array.shape), "data": [plain(x) for x in array.flatten().tolist()]}
    if not array.is_floating_point():
        record["dtype"] = "int64"
    return record


def plain(number):
    if number != number:
        return None
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def write(name, cases, source=SOURCE):
    """Writes the cases one to a line; several numbered files where one would be too long."""
    parts, size, titles = [[]], 0, set()
    for record in cases:
        assert record["name"] not in titles, f"two cases are called {record['name']!r}"
        titles.add(record["name"])
        line = json.dumps(record, separators=(",", ":"), allow_nan=False)
        if size + len(line) > LARGEST_FILE:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 2
    for old in FOLDER.glob(f"{name}*.json"):
        if old.stem.removeprefix(name).strip("-0123456789") == "":
            old.unlink()
    for number, lines in enumerate(parts, 1):
        path = FOLDER / (f"{name}.json" if len(parts) == 1 else f"{name}-{number}.json")
        head = json.dumps({"source": source})[:-1]
        path.write_text(head + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n")
        print(f"{path.name}: {len(lines)} cases, {path.stat().st_size:,} bytes")
