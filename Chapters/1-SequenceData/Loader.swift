import UnrollChapter

extension SequenceData {
  /// The whole way in one line, and what it hands out.
  func loader(_ page: Page, _ hourly: Hourly) throws {
    page.prose(
      #"""
      ## The data set as an object

      All of this in the right order is one line: `ForecastData` splits in time, fits the scaler to
      the training part, scales, and cuts each part by itself. It keeps the scaler, so that forecasts
      come back in the data's own units.
      """#)
    let data = ForecastData(hourly.series, target: "value", width: 24, horizon: 6)
    for (name, part) in [
      ("training", data.training), ("validation", data.validation), ("test", data.test),
    ] {
      page.print("\(name): \(part.count) windows, \(part.inputs.shape) → \(part.targets.shape)")
    }
    let (inputs, targets) = data.test.batch([40])
    var example = Figure(
      "One example of the test set, in its own units", x: "hour", y: Axis(hourly.unit))
    example.line(x: 0..<24, y: data.inUnits(inputs).doubles, label: "input", markers: true)
    example.line(x: 24..<30, y: data.inUnits(targets).doubles, label: "target", markers: true)
    try page.figure(example)

    page.prose(
      #"""
      ## The loader

      A `DataLoader` hands the examples out in *batches*, and in a new random order at every walk.
      Windows may be shuffled *within* the training set: each is whole by itself. The same seed, the
      number that all drawing of chance begins with, gives the same order on every machine.
      """#)
    let loader = DataLoader(
      data.training, batchSize: 32, shuffle: true, generator: Generator(seed: page.seed))
    for (number, batch) in loader.enumerated() where number < 3 || number == loader.count - 1 {
      page.print("batch \(number + 1): \(batch.inputs.shape) → \(batch.targets.shape)")
    }

    page.prose(
      #"""
      Where lengths differ, it matters who shares a batch, since all are padded to the longest. Here
      are the windows of six hours from above in batches of 16: in random order, and in *buckets* of
      similar length. `lengthBuckets` mixes only neighbors in length.
      """#)
    let lengths = hourly.reports.timeWindows(span: .hours(6), every: .hours(1)).lengths
    func padding(_ batches: [[Int]]) -> Double {
      let cells = batches.map { $0.count * $0.map { lengths[$0] }.max()! }.reduce(0, +)
      return 1 - Double(lengths.reduce(0, +)) / Double(cells)
    }
    let random = Generator(seed: page.seed).permutation(lengths.count)
    let batches = stride(from: 0, to: lengths.count, by: 16).map {
      Array(random[$0..<min($0 + 16, lengths.count)])
    }
    let buckets = lengthBuckets(lengths, batchSize: 16, generator: Generator(seed: page.seed))
    page.print("share of the arrays that is padding:")
    let shares = (random: padding(batches), buckets: padding(buckets))
    page.result("padding.random", shares.random)
    page.result("padding.buckets", shares.buckets)
    page.claim(
      "In buckets not half as much is padding as in random order.",
      holds: shares.buckets < shares.random / 2,
      in: page.data == nil ? .everyRun : .thisRun)
  }
}
