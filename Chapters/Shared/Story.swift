import UnrollChapter

/// A story whose plot changes: read sentence by sentence, it is asked after each whom it is about.
public enum Story {
  /// Each sentence with what a network reads of it: 1 where the story turns to Ada, 2 where it turns
  /// to Ben, 0 where nobody is named.
  public static let sentences: [(text: String, turns: Double)] = [
    ("Ada comes to the harbor.", 1), ("The boats are out.", 0), ("Rain sets in.", 0),
    ("Meanwhile Ben waits in town.", 2), ("The clock strikes.", 0), ("The lamps are lit.", 0),
    ("Ada takes the last train.", 1), ("It is late.", 0),
  ]

  /// The sentence in which the plot first changes.
  public static let change = 3

  /// What is to be answered: 0.7 for Ada, −0.7 for Ben, as far as the state of one unit may go with
  /// ease.
  private static func answer(_ turns: Double) -> Double { turns == 1 ? 0.7 : -0.7 }

  /// Other stories of eight sentences: what is read, and whom each is about after every sentence.
  ///
  /// - Returns: inputs and answers, `[time, batch, 1]` each.
  static func batch(_ size: Int) -> (inputs: NDArray, answers: NDArray) {
    let length = sentences.count
    var inputs = [Double](repeating: 0, count: length * size), answers = inputs
    for b in 0..<size {
      var hero = 0.0
      for t in 0..<length {
        // The first sentence names someone, of the others a third.
        if t == 0 || Generator.default.uniform() < 1.0 / 3 {
          hero = Generator.default.uniform() < 0.5 ? 1 : 2
          inputs[t * size + b] = hero
        }
        answers[t * size + b] = answer(hero)
      }
    }
    let shape = [length, size, 1]
    return (
      NDArray(inputs, shape: shape, dtype: .float64),
      NDArray(answers, shape: shape, dtype: .float64)
    )
  }

  /// Trains layers of one unit on such stories, 400 steps of 32, and gives the one that ends with the
  /// least error: some starts lead nowhere.
  public static func best<Layer: Module>(
    of starts: Int = 4, seed: UInt64, _ make: () -> Layer, read: (Layer, Tensor) -> Tensor
  ) -> (layer: Layer, error: Double) {
    let trained = (0..<starts).map { start -> (layer: Layer, error: Double) in
      Generator.withDefault(seed: seed &* 1000 &+ UInt64(start)) {
        let layer = make()
        let optimizer = Adam(layer.parameters(), learningRate: 0.1)
        func error() -> Tensor {
          let (inputs, answers) = batch(32)
          return mseLoss(read(layer, Tensor(inputs)), Tensor(answers))
        }
        for _ in 0..<400 {
          optimizer.zeroGrad()
          error().backward()
          optimizer.step()
        }
        return (layer, noGrad { error().item })
      }
    }
    return trained.min { $0.error < $1.error }!
  }
}
