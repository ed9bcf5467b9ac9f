import GoldenSupport
import Sequences

/// What pandas calls an aggregation.
private func aggregation(_ golden: GoldenCase) throws -> Aggregation {
  let names: [String: Aggregation] = [
    "mean": .mean, "sum": .sum, "first": .first, "last": .last, "min": .minimum, "max": .maximum,
    "std": .standardDeviation, "var": .variance, "median": .median,
  ]
  return try golden.need("how", golden.config[string: "how"].flatMap { names[$0] })
}

/// The case's series; where it has no times, its rows are a second apart.
private func series(_ golden: GoldenCase) throws -> TimeSeries {
  let values = try golden.input("values").values
  let times = golden.inputs["time"]?.values ?? values.indices.map(Double.init)
  return TimeSeries(times: times, values: values)
}

private func values(_ series: TimeSeries) -> GoldenArray { GoldenArray(series["value"]) }

let seriesCalculations: [String: Calculation] = [
  "pandas.resample": { golden in
    let seconds = try golden.need("seconds", golden.config[double: "seconds"])
    let how = try aggregation(golden)
    var result = try series(golden).resampled(every: .seconds(seconds), by: how)
    // To pandas nothing sums to 0; here it is missing, so that a gap can be seen.
    if how == .sum { result = result.mapColumns { $0.map { $0.isNaN ? 0 : $0 } } }
    return ["time": GoldenArray(result.times), "values": values(result)]
  },
  "pandas.interpolate": { golden in
    let series = try series(golden)
    switch try golden.need("method", golden.config[string: "method"]) {
    // pandas' straight line carries the last number on.
    case "linear": return ["values": values(series.filled(.linear).filled(.previous))]
    case "ffill": return ["values": values(series.filled(.previous))]
    case "bfill": return ["values": values(series.filled(.next))]
    case "nearest": return ["values": values(series.filled(.nearest))]
    case "cubicspline": return ["values": values(series.filled(.spline))]
    case let method: throw GoldenError("\(golden.title): unknown method \(method)")
    }
  },
  "pandas.diff": { golden in
    let order = try golden.need("order", golden.config[int: "order"])
    let periods = try golden.need("periods", golden.config[int: "periods"])
    let differencing =
      periods == 1
      ? Differencing(order: order) : Differencing(order: 0, season: periods, seasonalOrder: order)
    let all = try golden.input("values").values
    let head = [Double](repeating: .nan, count: min(differencing.lag, all.count))
    return ["values": GoldenArray(head + differencing.differences(of: all))]
  },
  "pandas.rolling": { golden in
    let window = try golden.need("window", golden.config[int: "window"])
    return [
      "values": values(
        try series(golden).rolling(
          window, by: try aggregation(golden), minimum: golden.config[int: "min_periods"],
          centered: golden.config[bool: "center"] ?? false))
    ]
  },
]
