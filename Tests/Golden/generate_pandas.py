"""Writes pandas.json: what pandas makes of time series. Needs pandas, SciPy and PyTorch.

    python generate_pandas.py

| op | `config` | inputs → outputs |
|---|---|---|
| `pandas.resample` | `seconds`, `how` | `time`, `values` → `time` of the bins, `values` |
| `pandas.interpolate` | `method` as pandas names it | `values`, optional `time` → `values` |
| `pandas.diff` | `periods`, `order` (times repeated) | `values` → `values` |
| `pandas.rolling` | `window`, `how`, `min_periods`, `center` | `values` → `values` |

`time` is in whole seconds since 1970 UTC; null is a missing value. Bins of so many `seconds` begin
at midnight of the first stamp's day, as pandas has it, and are named by their beginnings; the sum
of an empty bin is 0, all else of one is missing. A `method` works on positions unless `time` is
given, when it works on that. `nearest` takes the earlier neighbor at the same distance;
`cubicspline` is SciPy's with not-a-knot ends. Only what lies between known values is filled, but by
`linear`, which carries the last value on, and by `ffill` and `bfill`.
"""

import sys

sys.dont_write_bytecode = True

import pandas
import scipy
import torch

import golden
from golden import case, literal, numbers

NAN = float("nan")
HOUR, DAY = 3600, 86400
START = 1_700_006_400 // DAY * DAY + 3 * HOUR  # three in the morning, not the start of a bin

HOURLY = [START + n * HOUR for n in range(12)]
GAPS = [START + n * HOUR for n in (0, 1, 2, 6, 7, 20, 21, 47)]
IRREGULAR = [START + seconds for seconds in (17, 901, 1750, 3599, 3600, 9000, 9001, 40000)]
STAMPS = {"hourly": HOURLY, "with gaps": GAPS, "irregular": IRREGULAR}
BINS = {"hourly": [HOUR, 3 * HOUR, 1800, 5 * HOUR], "with gaps": [HOUR, 6 * HOUR, DAY],
        "irregular": [900, HOUR, 7 * HOUR]}
HOW = ["mean", "sum", "first", "last", "min", "max"]

SERIES = {
    "one gap": [1.0, 2.5, NAN, 4.0, 3.0, 6.5],
    "gaps of two and three": [0.5, 2.0, NAN, NAN, 1.0, 4.0, NAN, NAN, NAN, 2.0, 3.5],
    "a gap next to either end": [2.0, NAN, 1.0, 3.0, 0.0, NAN, NAN, 5.0],
    "no gap": [3.0, 1.0, 2.0, 5.0],
}
OPEN_ENDS = {
    "open ends": [NAN, 1.0, NAN, 3.0, 2.0, 0.5, NAN, NAN],
    "a single value": [NAN, NAN, 4.0, NAN],
}
TIMES = [0, 10, 15, 40, 41, 60, 100, 130, 170, 171, 200]

DIFFERENCES = [{"periods": 1, "order": 1}, {"periods": 1, "order": 2}, {"periods": 3, "order": 1},
               {"periods": 12, "order": 1}, {"periods": 4, "order": 2}]
WINDOWS = [{"window": 1}, {"window": 3}, {"window": 5, "min_periods": 1},
           {"window": 4, "center": True}, {"window": 3, "center": True, "min_periods": 2}]
ROLLING_HOW = ["mean", "sum", "min", "max", "std", "var", "median"]


def tensor(series):
    return torch.tensor(series.to_numpy(dtype="float64"))


def resampled(stamps, values, seconds, how):
    index = pandas.to_datetime(pandas.Series(stamps.tolist()), unit="s", utc=True)
    series = pandas.Series(values.numpy(), index=pandas.DatetimeIndex(index))
    result = getattr(series.resample(pandas.Timedelta(seconds=seconds)), how)()
    epoch = pandas.Timestamp(0, tz="UTC")
    lefts = [int((stamp - epoch).total_seconds()) for stamp in result.index]
    return {"time": torch.tensor(lefts), "values": tensor(result)}


def filled(values, method, time=None):
    series = pandas.Series(values.numpy(), index=None if time is None else time.numpy())
    if method in ["ffill", "bfill"]:
        return getattr(series, method)()
    if method == "linear":
        return series.interpolate("linear" if time is None else "index")
    return series.interpolate(method, limit_area="inside")


def differenced(values, periods, order):
    series = pandas.Series(values.numpy())
    for _ in range(order):
        series = series.diff(periods)
    return series


def rolled(values, how, **window):
    return getattr(pandas.Series(values.numpy()).rolling(**window), how)()


def one(op, inputs, compute, config, name=None):
    words = f"{name}{golden.settings_of(config)}"
    return case(f"pandas.{op}", inputs, compute, config, name=words, differentiate=False)


def resampling():
    for name, stamps in STAMPS.items():
        for seconds in BINS[name]:
            for how in HOW:
                config = {"seconds": seconds, "how": how}
                inputs = {"time": literal(stamps), "values": numbers(len(stamps))}
                yield one("resample", inputs,
                          lambda time, values: resampled(time, values, **config), config, name)
    for how in HOW:
        config = {"seconds": 3 * HOUR, "how": how}
        values = literal([1.0, NAN, 2.5, NAN, NAN, NAN, 4.0, NAN, -1.5, 3.0, NAN, 0.5])
        yield one("resample", {"time": literal(HOURLY), "values": values},
                  lambda time, values: resampled(time, values, **config), config, "missing values")


def interpolation():
    for name, values in (SERIES | OPEN_ENDS).items():
        for method in ["linear", "ffill", "bfill", "nearest", "cubicspline"]:
            known = sum(value == value for value in values)
            if method in ["nearest", "cubicspline"] and known < 2:
                continue  # SciPy refuses
            config = {"method": method}
            inputs = {"values": literal(values)}
            yield one("interpolate", inputs,
                      lambda values: {"values": tensor(filled(values, method))}, config, name)
            if method in ["ffill", "bfill"]:
                continue
            inputs |= {"time": literal(TIMES[: len(values)])}
            yield one("interpolate", inputs,
                      lambda values, time: {"values": tensor(filled(values, method, time))}, config,
                      f"{name}, by time")


def cases():
    yield from resampling()
    yield from interpolation()
    for config in DIFFERENCES:
        yield one("diff", {"values": numbers(15)},
                  lambda values: {"values": tensor(differenced(values, **config))}, config, "[15]")
    yield one("diff", {"values": literal(SERIES["one gap"])},
              lambda values: {"values": tensor(differenced(values, 1, 1))},
              {"periods": 1, "order": 1}, "one gap")
    for window in WINDOWS:
        for how in ROLLING_HOW:
            config = {**window, "how": how}
            yield one("rolling", {"values": numbers(9)},
                      lambda values: {"values": tensor(rolled(values, **config))}, config, "[9]")


golden.write("pandas", cases(), f"pandas {pandas.__version__}, SciPy {scipy.__version__}")
