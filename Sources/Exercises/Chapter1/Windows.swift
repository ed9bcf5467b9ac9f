import Workbook

// A network is shown windows: some values in a row, and the value to forecast from them. Cut all
// that the series holds. Window k begins at index k · stride; its target lies `horizon` steps after
// the window's last value, so with horizon 1 it is the next one.
//
//     inputs[k]  = series[s], series[s + 1], …, series[s + width − 1]        s = k · stride
//     targets[k] = series[s + width − 1 + horizon]
//
// The last window is the last one whose target still lies in the series. A series too short for any
// gives none.

struct Windows: Codable {
  var inputs: [[Double]] = []
  var targets: [Double] = []
}

func windows(series: [Double], width: Int, horizon: Int, stride: Int) -> Windows {
  var windows = Windows()
  var start = 0
  while start + width - 1 + horizon < series.count {
    windows.inputs.append(Array(series[start..<start + width]))
    windows.targets.append(series[start + width - 1 + horizon])
    start += stride
  }
  return windows
}

// MARK: - Checks

let windowsExercise = Exercise(
  "windows", chapter: 1, "Sliding windows with stride and horizon", minutes: 10,
  hints: [
    "Write down by hand which windows 0, 1, 2, 3, 4, 5 has for width 2, horizon 2, stride 1.",
    "The condition to go on is about the target's index: start + width − 1 + horizon < count.",
  ],
  solution: windows
) { trial in
  func ask(_ count: Int, width: Int, horizon: Int, stride: Int) throws {
    let series = trial.numbers(count)
    func variant(_ first: Int, _ target: Int, by step: Int, upTo end: Int) -> Windows {
      var result = Windows()
      for start in Swift.stride(from: first, to: max(first, end), by: step)
      where start + target < count && start + target >= 0 {
        result.inputs.append(Array(series[start..<start + width]))
        result.targets.append(series[start + target])
      }
      return result
    }
    let last = width - 1 + horizon, end = count - last
    try trial.expect(
      "", of: series, width, horizon, stride,
      equals: windows(
        series: series, width: width, horizon: horizon, stride: stride), axes: ["window"],
      mistakes: [
        "The target is counted from the window's end, one too far: horizon 1 is the value right "
          + "after the window.": variant(0, width + horizon, by: stride, upTo: end - 1),
        "The horizon is not used: the target is always the value right after the window.":
          variant(0, width, by: stride, upTo: count - width),
        "The target lies inside the window, so the answer is shown with the question: count the "
          + "horizon from the window's last value, not from its first.":
          variant(0, horizon, by: stride, upTo: count - width + 1),
        "The stride is not used: each window begins one step after the one before.":
          variant(0, last, by: 1, upTo: end),
        "Windows begin a whole width apart; the stride says how far apart they begin.":
          variant(0, last, by: width, upTo: end),
        "The last window is missing: its target is the series' last value, and still in it.":
          variant(0, last, by: stride, upTo: end - 1),
      ])
  }
  for _ in 0..<3 {
    let width = trial.size(4...6), stride = trial.size(2...3), horizon = trial.size(2...3)
    // Ends exactly with a target.
    try ask(
      width - 1 + horizon + 1 + stride * trial.size(3...6), width: width, horizon: horizon,
      stride: stride)
    try ask(trial.size(20...30), width: width, horizon: horizon, stride: stride)
  }
  try ask(trial.size(3...5), width: 5, horizon: 1, stride: 1)
}
