import UnrollChapter

/// A stretch of 720 hours whose first 576 are divided in two ways; the last 144 are the future of both.
package struct Division {
  package let shuffled, split: (training: Windows, validation: Windows)
  package let future: Windows
  /// The hour at which the validation part of the split begins.
  package let border = 576 * 4 / 5

  package init(_ series: TimeSeries, seed: UInt64) {
    func cut(_ part: TimeSeries) -> Windows { Windows(part, width: 24, horizon: 12) }
    let (past, after) = StandardScaler(fittedTo: series[0..<border]).transform(series)
      .split(count: 576)
    let all = cut(past), fifth = all.count / 5
    let order = Generator(seed: seed).permutation(all.count)
    shuffled = (all.subset(order[fifth...]), all.subset(order[..<fifth]))
    let (early, late) = past.split(count: border)
    split = (cut(early), cut(late))
    future = cut(after)
  }
}

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

/// Mean squared errors of a forecast: on the windows that it learned from, on those of the validation part,
/// which are what it promises, and on the future.
struct Errors {
  let learned, promised, delivered: Double

  init(
    on sets: (training: Windows, validation: Windows), _ future: Windows, error: (Windows) -> Double
  ) {
    (learned, promised, delivered) = (error(sets.training), error(sets.validation), error(future))
  }
}

/// What needs no network: from the hours of a window those that follow.
package typealias Rule = (_ hours: [Double]) -> [Double]

extension Windows {
  /// The hours of each window, and those that followed.
  private var examples: [(hours: [Double], next: [Double])] {
    let (x, y) = (inputs.doubles, targets.doubles)
    return (0..<count).map { number in
      (
        Array(x[number * width..<(number + 1) * width]),
        Array(y[number * horizon..<(number + 1) * horizon])
      )
    }
  }

  /// The mean squared error of a rule's forecasts.
  package func meanSquaredError(of rule: Rule) -> Double {
    let squares = examples.flatMap { hours, next in
      zip(rule(hours), next).map { ($0 - $1) * ($0 - $1) }
    }
    return squares.reduce(0, +) / Double(squares.count)
  }

  /// For each hour to come the weighted sum of the window's hours that is nearest to it on these windows.
  package var weightedSum: Rule {
    let examples = examples
    let sums = (0..<horizon).map { step in
      LinearRegression(fitting: examples.map(\.hours), targets: examples.map { $0.next[step] })
    }
    return { hours in sums.map { $0.predict(hours) } }
  }
}
