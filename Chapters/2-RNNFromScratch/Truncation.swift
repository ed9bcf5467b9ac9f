import ChapterTools
import Unroll

/// Learns to repeat what came `delay` steps ago, from a stream of +1 and −1 that is cut into segments:
/// the state is carried from one to the next, the gradient is not.
///
/// - Parameter updates: steps of Adam, however long a segment is.
/// - Returns: the mean squared error over the last tenth of the updates; 1 is that of always saying 0.
func echoError(delay: Int, segment: Int, updates: Int, seed: UInt64) -> Double {
  let generator = Generator(seed: seed), batch = 32
  Generator.default.seed(seed)
  let rnn = ScratchRNN(inputSize: 1, hiddenSize: 32), output = Linear(32, 1)
  let optimizer = Adam(rnn.parameters() + output.parameters(), learningRate: 0.003)
  // What each of the streams said last, the newest at the end.
  var said = [[Double]](repeating: [Double](repeating: 1, count: delay), count: batch)
  var state: Tensor?
  var errors: [Double] = []
  for update in 0..<updates {
    var (inputs, targets): ([Double], [Double]) = ([], [])
    for _ in 0..<segment {
      for stream in 0..<batch {
        let sign = generator.uniform() < 0.5 ? -1.0 : 1
        targets.append(said[stream].removeFirst())
        said[stream].append(sign)
        inputs.append(sign)
      }
    }
    let (states, last) = rnn(Tensor(NDArray(inputs, shape: [segment, batch, 1])), state)
    state = last.detach()  // here the gradient ends
    optimizer.zeroGrad()
    let loss = mseLoss(
      output(Tensor.stack(states)), Tensor(NDArray(targets, shape: [segment, batch, 1])))
    loss.backward()
    clipGradNorm(optimizer.parameters, maxNorm: 1)
    optimizer.step()
    if update >= updates * 9 / 10 { errors.append(loss.item) }
  }
  return errors.mean
}
