import Optim

extension Twin {
  static let optimizers: [Twin] = [
    steps("SGD", "sgd") { SGD($0, learningRate: 0.1, weightDecay: 0.2) },
    steps("SGD, dampened momentum", "sgd") {
      SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.1)
    },
    steps("SGD, Nesterov", "sgd") { SGD($0, learningRate: 0.1, momentum: 0.8, nesterov: true) },
    steps("RMSprop", "rmsprop") { RMSprop($0, alpha: 0.9) },
    steps("RMSprop, momentum", "rmsprop") {
      RMSprop($0, alpha: 0.9, weightDecay: 0.1, momentum: 0.7)
    },
    // s − a² cancels after the first step; ε is what it is compared with then
    steps("RMSprop, centered", "rmsprop") {
      RMSprop($0, alpha: 0.9, eps: 0.1, momentum: 0.7, centered: true)
    },
    steps("Adam", "adam") { Adam($0, learningRate: 0.01, betas: (0.9, 0.99)) },
    steps("Adam, AMSGrad", "adam") {
      Adam($0, learningRate: 0.01, betas: (0.9, 0.99), weightDecay: 0.3, amsgrad: true)
    },
    steps("AdamW", "adam") { AdamW($0, learningRate: 0.01, betas: (0.9, 0.99), weightDecay: 0.3) },

    Twin("sum_squares", ulps: 1, timesInDouble: 1000) { i in
      let parameter = Parameter(i.array())
      parameter.grad = i.array()
      return [NDArray(clipGradNorm([parameter], maxNorm: 1e9), dtype: i.dtype)]
    },
    Twin("all_finite") { i in
      // Adam refuses to take in a gradient that is not finite.
      [nil, Double.nan, -.infinity].map { wrong in
        let parameter = Parameter(i.array())
        var gradient = i.array()
        if let wrong, gradient.count > 0 {
          var numbers = gradient.doubles
          numbers[numbers.count - 1] = wrong
          gradient = NDArray(numbers, shape: gradient.shape, dtype: i.dtype)
        }
        parameter.grad = gradient
        let isRefused = (try? Adam([parameter]).checkedStep()) == nil
        return NDArray(isRefused ? 1 : 0, dtype: i.dtype)
      }
    },
  ]

  /// Three steps: the parameter and all that is remembered of it, within 8 units of the last place.
  private static func steps(
    _ name: String, _ kernel: String, _ make: @escaping @Sendable ([Parameter]) -> Optimizer
  ) -> Twin {
    Twin(name, [kernel], ulps: 8, scaled: true) { i in
      let parameter = Parameter(i.array())
      let optimizer = make([parameter])
      for _ in 0..<3 {
        parameter.grad = i.array()
        optimizer.step()
      }
      let state = optimizer.stateDict()
      return [parameter.value] + optimizer.slotNames.map { state["0.\($0)"]! }
    }
  }
}
