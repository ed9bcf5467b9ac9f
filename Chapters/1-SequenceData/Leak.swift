import Unroll

/// A network of one hidden layer that reads `width` hours and forecasts `horizon`, trained on
/// all windows in every step, and large enough to learn them by heart.
package func trained(on windows: Windows, steps: Int, seed: UInt64) -> Sequential {
  Generator.default.seed(seed)
  let model = Sequential(Linear(windows.width, 64), Tanh(), Linear(64, windows.horizon))
  let (x, y) = (Tensor(windows.inputs.squeezed(-1)), Tensor(windows.targets.squeezed(-1)))
  let optimizer = Adam(model.parameters(), learningRate: 0.005)
  for _ in 0..<steps {
    optimizer.zeroGrad()
    mseLoss(model(x), y).backward()
    optimizer.step()
  }
  return model
}

/// The mean squared error of a model's forecasts.
package func meanSquaredError(of model: Sequential, on windows: Windows) -> Double {
  noGrad {
    mseLoss(
      model(Tensor(windows.inputs.squeezed(-1))), Tensor(windows.targets.squeezed(-1))
    ).item
  }
}
