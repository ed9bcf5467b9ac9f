import Arrays

extension NDArray {
  /// Every run of `width` rows, as a view: `[time, …]` → `[windows, width, …]`. Window `i` begins
  /// at row `i · stride`; nothing is copied.
  public func slidingWindows(width: Int, stride: Int = 1) -> NDArray {
    guard rank > 0, width > 0, stride > 0 else {
      wrongUse("slidingWindows: width \(width), stride \(stride) over \(shape)")
    }
    let windows = shape[0] < width ? 0 : (shape[0] - width) / stride + 1
    return view(
      [windows, width] + shape[1...], strides: [strides[0] * stride, strides[0]] + strides[1...])
  }
}

/// What a window is asked to predict.
public enum WindowTarget: Sendable {
  /// The `horizon` rows that follow the window: many to one with a horizon of 1, many to several
  /// otherwise.
  case following
  /// For each row of the window the row `horizon` steps later: many to many.
  case everyStep
}

/// A series cut into overlapping windows, each with what follows it: what a network learns to
/// forecast from.
///
///     let windows = Windows(train, width: 12)         // train: [time, features]
///     windows.inputs                                   // [windows, 12, features]
///     windows.targets                                  // [windows, 1, features]
///
/// Both are views of the series: cutting copies no number. A series of n rows has
/// ⌊(n − width − horizon) / stride⌋ + 1 windows with a target.
public struct Windows {
  /// The series the windows look at, `[time, …]`.
  public let series: NDArray
  /// Rows in a window.
  public let width: Int
  /// How far the targets reach beyond the window, in rows.
  public let horizon: Int
  /// What the targets are.
  public let target: WindowTarget
  /// The column the targets are taken from; nil for all of them.
  public let targetColumn: Int?
  /// The row each window begins at.
  public let starts: [Int]
  /// The rows' time stamps, if the windows were cut from a `TimeSeries`.
  let times: [Double]?

  /// Windows over an array `[time, …]`. A series too short for one window has none.
  public init(
    _ series: NDArray, width: Int, horizon: Int = 1, stride: Int = 1,
    target: WindowTarget = .following, targetColumn: Int? = nil
  ) {
    self.init(
      series, times: nil, width: width, horizon: horizon, stride: stride, target: target,
      targetColumn: targetColumn)
  }

  /// Windows over all columns of a series; the targets are one column, or all.
  public init(
    _ series: TimeSeries, width: Int, horizon: Int = 1, stride: Int = 1,
    target: WindowTarget = .following, targetColumn: String? = nil, dtype: DType = .float32
  ) {
    let column = targetColumn.map { name in
      guard let place = series.place(of: name) else {
        wrongUse("Windows: there is no column \(name), only \(listed(series.names))")
      }
      return place
    }
    self.init(
      series.array(dtype: dtype), times: series.times, width: width, horizon: horizon,
      stride: stride, target: target, targetColumn: column)
  }

  init(
    _ series: NDArray, times: [Double]?, width: Int, horizon: Int, stride: Int,
    target: WindowTarget, targetColumn: Int?
  ) {
    guard series.rank > 0, width > 0, horizon > 0, stride > 0 else {
      wrongUse(
        "Windows: width \(width), horizon \(horizon), stride \(stride) over \(series.shape)")
    }
    if let targetColumn, series.rank != 2 || !(0..<series.shape[1]).contains(targetColumn) {
      wrongUse("Windows: target column \(targetColumn) of a series \(series.shape)")
    }
    let last = series.shape[0] - width - horizon
    self.init(
      series: series, width: width, horizon: horizon, target: target, targetColumn: targetColumn,
      starts: last < 0 ? [] : Array(Swift.stride(from: 0, through: last, by: stride)),
      times: times)
  }

  private init(
    series: NDArray, width: Int, horizon: Int, target: WindowTarget, targetColumn: Int?,
    starts: [Int], times: [Double]?
  ) {
    (self.series, self.width, self.horizon) = (series, width, horizon)
    (self.target, self.targetColumn) = (target, targetColumn)
    (self.starts, self.times) = (starts, times)
  }

  /// How many windows there are.
  public var count: Int { starts.count }

  /// Some of the windows, in the order given.
  public func subset(_ places: some Sequence<Int>) -> Windows {
    Windows(
      series: series, width: width, horizon: horizon, target: target, targetColumn: targetColumn,
      starts: places.map { starts[$0] }, times: times)
  }

  /// `[windows, width, …]`: a view when the windows are evenly spaced, else a copy.
  public var inputs: NDArray { rows(of: series, offset: 0, length: width, starts: starts) }

  /// `[windows, horizon, …]`, or `[windows, width, …]` with a target for every step; a single
  /// target column stays as an axis of size 1. A view when the windows are evenly spaced.
  public var targets: NDArray {
    rows(of: targetSeries, offset: targetOffset, length: targetLength, starts: starts)
  }

  private var targetSeries: NDArray {
    targetColumn.map { series.narrow(axis: 1, start: $0, length: 1) } ?? series
  }
  private var targetOffset: Int { target == .following ? width : horizon }
  private var targetLength: Int { target == .following ? horizon : width }

  /// `length` rows from `offset` after each start.
  private func rows(
    of array: NDArray, offset: Int, length: Int, starts: [Int]
  ) -> NDArray {
    let tail = Array(array.shape[1...])
    guard let first = starts.first else {
      return NDArray.zeros([0, length] + tail, dtype: array.dtype)
    }
    let stride = starts.count > 1 ? starts[1] - first : 1
    if stride > 0, starts.indices.allSatisfy({ starts[$0] == first + $0 * stride }) {
      let steps = array.strides
      return array.view(
        [starts.count, length] + tail, strides: [steps[0] * stride, steps[0]] + steps[1...],
        offset: (first + offset) * steps[0])
    }
    return NDArray.stack(
      starts.map { array.narrow(axis: 0, start: $0 + offset, length: length) })
  }

  /// Rows that the windows look at, as inputs or as targets.
  var rowsSeen: Set<Int> {
    var rows: Set<Int> = []
    for start in starts { rows.formUnion(start..<start + width + horizon) }
    return rows
  }
}

extension Windows: Dataset {
  /// The input `[width, …]` and the target `[horizon, …]` (or `[width, …]`) of a window.
  public subscript(place: Int) -> (input: NDArray, target: NDArray) {
    let start = starts[place]
    return (
      series.narrow(axis: 0, start: start, length: width),
      targetSeries.narrow(axis: 0, start: start + targetOffset, length: targetLength)
    )
  }

  /// Inputs `[batch, width, …]` and targets `[batch, horizon, …]` of some windows; only these are
  /// copied.
  public func batch(_ places: [Int]) -> (inputs: NDArray, targets: NDArray) {
    let starts = places.map { self.starts[$0] }
    return (
      rows(of: series, offset: 0, length: width, starts: starts),
      rows(of: targetSeries, offset: targetOffset, length: targetLength, starts: starts)
    )
  }
}

/// How many numbers of the series two sets of windows both look at, as input or as target: 0 if
/// the series was split before it was cut; most of the series if the windows were.
///
/// Windows cut from `TimeSeries` are compared by time stamp. Windows cut from arrays are compared by
/// where their numbers lie in memory, so there both must be views of one series.
public func sharedValues(between first: Windows, and second: Windows) -> Int {
  if let a = first.times, let b = second.times {
    let stamps = Set(first.rowsSeen.map { a[$0] })
    let perRow = first.series.shape[1...].reduce(1, *)
    return second.rowsSeen.count { stamps.contains(b[$0]) } * perRow
  }
  guard first.times == nil, second.times == nil else {
    wrongUse("sharedValues: one set is cut from a TimeSeries and the other from an array")
  }
  return first.addressesSeen.intersection(second.addressesSeen).count
}

extension Windows {
  /// Where in memory the numbers lie that the windows look at.
  fileprivate var addressesSeen: Set<UInt> {
    var addresses: Set<UInt> = []
    let base = UInt(bitPattern: series.storage.pointer)
    let bytes = series.dtype.byteCount
    let steps = series.strides
    for row in rowsSeen {
      forEachRow(Array(series.shape[1...]), Array(steps[1...])) { run in
        for place in 0..<run.count {
          let offset = row * steps[0] + run.first + place * run.firstStep
          addresses.insert(base + UInt(offset * bytes))
        }
      }
    }
    return addresses
  }
}
