import Foundation
import Unroll

/// Reads sin t in segments of ten points and says cos t, the state carried from segment to segment.
final class SineToCosine: Module {
  let rnn: ScratchRNN
  let output: Linear

  init(hiddenSize: Int) {
    rnn = ScratchRNN(inputSize: 1, hiddenSize: hiddenSize)
    output = Linear(hiddenSize, 1)
  }

  struct Segment {
    let time, sine, cosine: [Double]
    var answer: [Double] = []

    /// Ten points from `step`·π to (`step` + 1)·π.
    init(_ step: Int) {
      time = (0..<10).map { (Double(step) + Double($0) / 9) * .pi }
      sine = time.map { sin($0) }
      cosine = time.map { cos($0) }
    }
  }

  private func run(_ segment: Segment, from state: Tensor?) -> (answer: Tensor, state: Tensor) {
    let (states, last) = rnn(Tensor(NDArray(segment.sine, shape: [10, 1, 1])), state)
    return (output(Tensor.stack(states)), last)
  }

  /// One step of Adam a segment. Gives the loss of each, and the segments with their answers.
  func train(steps: Int) -> (losses: [Double], segments: [Segment]) {
    let optimizer = Adam(parameters(), learningRate: 0.02)
    var state: Tensor?
    var losses: [Double] = []
    var segments: [Segment] = []
    for step in 0..<steps {
      var segment = Segment(step)
      let (answer, last) = run(segment, from: state)
      state = last.detach()  // the number goes on, its history does not
      optimizer.zeroGrad()
      let loss = mseLoss(answer, Tensor(NDArray(segment.cosine, shape: [10, 1, 1])))
      loss.backward()
      optimizer.step()
      losses.append(loss.item)
      segment.answer = answer.value.doubles
      segments.append(segment)
    }
    return (losses, segments)
  }

  /// Bytes of arrays held after each step, when the state is detached and when it keeps its history.
  func memory(steps: Int, detached: Bool) -> [Int] {
    let before = arrayBytesInUse
    var state: Tensor?
    return (0..<steps).map { step in
      let segment = Segment(step)
      let (answer, last) = run(segment, from: state)
      state = detached ? last.detach() : last
      mseLoss(answer, Tensor(NDArray(segment.cosine, shape: [10, 1, 1])))
        .backward(retainGraph: !detached)
      return arrayBytesInUse - before
    }
  }
}
