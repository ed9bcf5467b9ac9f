import Foundation
import Unroll

extension Modules {
  /// The sine, the Keras way: a trainer, callbacks, one step and many.
  func sine(_ page: Page) throws {
    page.prose(
      #"""
      ## The sine, the Keras way

      Two thousand points of a sine, the last 200 to test, the 200 before to validate, each part cut
      into windows of ten *after* the split. Two LSTM layers, one number out, *RMSprop* (Hinton
      2012; each weight's gradient over the root of the running mean of its squares) with Keras'
      settings, the mean squared error, and three *callbacks*, which the trainer asks at every
      epoch: stop when the validation loss has not fallen for 20 epochs, keep the best weights on
      disk, divide the learning rate by ten when ten epochs bring nothing.
      """#)
    page.show("SineModel", in: "SineModel.swift")
    let wave = NDArray((0..<2000).map { sin(0.1 * Double($0)) }).reshaped([2000, 1])
    func windows(_ range: Range<Int>) -> (NDArray, NDArray) {
      let windows = Windows(wave[range], width: 10)
      return (windows.inputs, windows.targets.squeezed(2))
    }
    let (x, y) = windows(0..<1600)
    // The first test window looks back at ten points of the validation part, so that all 200 are
    // forecast.
    let (xTest, yTest) = windows(1790..<2000)

    let model = SineModel()
    let trainer = Trainer<NDArray, NDArray>(
      model,
      optimizer: RMSprop(model.parameters(), learningRate: 0.001, alpha: 0.9, eps: 1e-7),
      loss: MSELoss(), metrics: [MeanAbsoluteError()])
    trainer.showsProgress = !page.options.quiet
    let best = page.folder.appendingPathComponent("sine.safetensors")
    let history = try trainer.fit(
      x, y, batchSize: 32, epochs: page.quick ? 4 : 50, validationData: windows(1600..<1800),
      callbacks: [
        EarlyStopping(patience: 20),
        ModelCheckpoint(best, saveBestOnly: true, saveWeightsOnly: true),
        ReduceLROnPlateau(factor: 0.1, patience: 10, minDelta: 0),
      ])
    try model.load(from: best)

    var curves = Figure("The sine, the Keras way", x: "epoch", y: .log("mean squared error"))
    let validation = history["val_loss"]!, rates = history["learning_rate"]!
    let epochs = 1...validation.count
    curves.line(x: epochs, y: history["loss"]!, label: "training")
    curves.line(x: epochs, y: validation, label: "validation")
    for epoch in rates.indices.dropFirst() where rates[epoch] < rates[epoch - 1] {
      curves.verticalLine(x: epoch + 1, label: "rate ÷ 10")
    }
    try page.figure(curves)
    let bestEpoch = validation.indices.min { validation[$0] < validation[$1] }
    page.print(
      "\(history.epochs.count) epochs; the weights of epoch \((bestEpoch ?? 0) + 1) are kept")

    page.prose(
      #"""
      ## One step, and step upon step

      *One step*: each window holds the truth, the forecast is of the next point. *Many steps*: the
      forecast is taken into the window for the next one, and soon the network reads nothing but its
      own words. The second is the hard one, as small errors of phase add up. Baselines: the last
      point again for one step; for many, the last truth for ever; the linear recurrence
      $y_{t+1} = 2 \cos(\omega) y_t - y_{t-1}$, which a sine obeys exactly, but which has to be told
      $\omega$; and a linear autoregression over the last two points, which is not told: it is fitted to
      the same training part, and sees less than the network.

      PyTorch's row is no baseline but the same recipe, measured before and not in this run: these
      layers, windows and splits, RMSprop
      with a rate of $10^{-3}$, $\rho = 0.9$ and $\epsilon = 10^{-7}$, batches of 32, at most 50
      epochs with these three callbacks, the weights of the best epoch. One run each, and the last
      digits are luck.
      """#)
    page.show("recursiveForecast", in: "Recursion.swift")
    let oneStep = trainer.predict(xTest)
    let oneStepMSE = MeanSquaredError()(oneStep, yTest)
    let recursive = recursiveForecast(model, from: wave[1790..<1800].doubles, steps: 200)
    let truth = wave[1800..<2000].doubles
    func mse(_ forecast: [Double], _ steps: Int) -> Double {
      MeanSquaredError()(Array(forecast[..<steps]), Array(truth[..<steps]))
    }
    let before = wave[1799..<1999].doubles
    let constant = [Double](repeating: before[0], count: 200)
    func recurrence(_ last: Double, _ before: Double) -> Double { 2 * cos(0.1) * last - before }
    let recurrent = zip(before, wave[1798..<1998].doubles).map(recurrence)
    var free = wave[1798..<1800].doubles
    while free.count < 202 { free.append(recurrence(free[free.count - 1], free[free.count - 2])) }
    let points = wave.doubles, sum = LinearAutoregression(points, lags: 2, targets: 10..<1600)
    var summed = Array(points[..<1800])
    while summed.count < 1900 { summed.append(sum.forecast(summed, summed.count)) }
    let sumErrors = (
      one: mse((1800..<2000).map { sum.forecast(points, $0) }, 200),
      many: mse(Array(summed[1800...]), 100)
    )
    page.table(
      ["forecast", "MSE, one step", "MSE, 100 steps on its own"],
      [
        ["LSTM 50–100", oneStepMSE, mse(recursive, 100)],
        ["last point again", mse(before, 200), mse(constant, 100)],
        ["linear recurrence, told ω", mse(recurrent, 200), mse(Array(free[2...]), 100)],
        ["linear autoregression over two", sumErrors.one, sumErrors.many],
        ["PyTorch, the same recipe, measured before", 3.2e-7, 4.7e-4],
      ])
    page.result("sine.one_step_mse", oneStepMSE)
    page.result("sine.recursive100_mse", mse(recursive, 100))

    page.claim(
      "A sine needs no network: the weighted sum of two points, fitted to the same training part, is "
        + "ahead by orders of magnitude, in one step and in a hundred.",
      holds: sumErrors.one < 0.01 * oneStepMSE && sumErrors.many < 0.01 * mse(recursive, 100),
      in: .everyRun)

    // How far each test window is from the training window most like it.
    let (learned, asked) = (x.squeezed(2), xTest.squeezed(2))
    let nearest = (0..<asked.shape[0]).map { row in
      ((learned - asked[row]).abs().max(axis: 1)).min().item
    }
    page.result("sine.farthest_test_window", nearest.max()!, digits: 3)
    page.claim(
      "These 200 points come later, and yet they are hardly new: a sine repeats itself, and no test "
        + "window differs by more than 0.01 from one that was learned. What is tested is whether the "
        + "network goes on, not whether it understands other waves.",
      holds: nearest.max()! < 0.01, in: .everyRun)
    var figure = Figure("200 points after those it has learned from", x: "step", y: "value")
    figure.line(x: 1...200, y: truth, label: "truth", color: .black)
    // On the truth to the eye: so marks, with the line seen between them.
    let marked = Array(stride(from: 0, to: 200, by: 4))
    figure.points(
      x: marked.map { $0 + 1 }, y: marked.map { oneStep.doubles[$0] },
      label: "one step, truth fed back", color: .blue, size: 1.2)
    figure.line(
      x: 1...200, y: recursive, label: "many steps, forecast fed back", color: .vermilion,
      style: .dashed)
    try page.figure(figure)

    page.prose(
      #"""
      ## Out of the teaching room

      A trained model leaves in two ways: its weights as *safetensors*, with PyTorch's names, to go
      on training there; the whole computation as *ONNX*, to run in production without Swift or
      Python. For the second a model tells its forward pass once more, in ONNX's words.
      """#)
    page.show("SineModel", in: "SineWave.swift")
    let file = page.folder.appendingPathComponent("sine.onnx")
    try model.exportONNX(to: file, input: ["batch", "time", 1])
    for file in [best, file] {
      let size = try Data(contentsOf: file).count
      page.print(file.lastPathComponent, "\(size / 1024) KB")
    }
    try interruption(page, x, y)
  }
}

extension SineModel: ONNXExportable {
  package func export(_ input: ONNXValue, to graph: ONNXGraph) -> ONNXValue {
    let states = graph.lstm(second, graph.lstm(first, input).output).output
    return graph.apply(dense, graph.select(states, axis: 1, index: -1))
  }
}
