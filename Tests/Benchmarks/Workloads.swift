import Optim

/// One step of work to be timed, the same as the peer's under the same name.
struct Workload: Sendable {
  let name: String
  /// What bounds the time of one step from below, where that is known.
  var floor: Floor?
  /// PyTorch's time divided by ours, to be reached.
  let goal: Double
  /// Builds model and data and returns the step.
  let make: @Sendable () -> () -> Void

  static let all = recurrent + core + sequences

  /// What no implementation in this arithmetic can do without.
  enum Floor {
    /// Floating-point operations of matrix products. What is multiplied by zeros is not counted: the
    /// state before the first step, and characters in one-hot form.
    case operations(Double)
    /// Weights that are used once each time: so many numbers go through the processor so many times.
    case reading(numbers: Int, times: Int)
  }
}

/// A step: forward, loss, backward, clipping where named, optimizer.
func training(
  _ optimizer: Optimizer, clipped: [Parameter]? = nil, loss: @escaping () -> Tensor
) -> () -> Void {
  {
    optimizer.zeroGrad()
    loss().backward()
    if let clipped { clipGradNorm(clipped, maxNorm: 1) }
    optimizer.step()
  }
}

func parameters(_ modules: Module...) -> [Parameter] { modules.flatMap { $0.parameters() } }

/// The workloads of the autograd core.
extension Workload {
  static let core = [
    Workload(name: "autograd_overhead", goal: 30) {
      let (x, w, b) = (leaf(4), leaf(4), leaf(4))
      return {
        var y = x
        for _ in 0..<500 {
          y = y * w
          y = y + b
        }
        y.sum().backward()
      }
    },
    Workload(name: "ngram", goal: 20) {
      let embedding = Embedding(97, 10), hidden = Linear(20, 128), head = Linear(128, 97)
      let context: Indices = [3, 5], target: Indices = [7]
      return training(SGD(parameters(embedding, hidden, head), learningRate: 0.001)) {
        crossEntropy(head(hidden(embedding(context).reshaped([1, 20])).relu()), target)
      }
    },
    Workload(name: "airline_fc", goal: 15) {
      let model = Sequential(
        Linear(3, 20), ReLU(), Linear(20, 10), ReLU(), Linear(10, 5), ReLU(), Linear(5, 1))
      let x = Tensor(.normal([96, 3])), y = Tensor(.normal([96, 1]))
      return training(Adam(model.parameters(), learningRate: 0.01)) { mseLoss(model(x), y) }
    },
    // A recurrence written by hand: each step reads a part of x.
    Workload(name: "cell_loop_4k", goal: 5) {
      let cell = GRUCell(inputSize: 32, hiddenSize: 32)
      let x = Tensor(.normal([4000, 1, 32]), requiresGrad: true)
      return {
        var h = Tensor.zeros([1, 32])
        for t in 0..<4000 { h = cell(x[t], h) }
        h.sum().backward()
        x.zeroGrad()
        for parameter in cell.parameters() { parameter.zeroGrad() }
      }
    },
    Workload(name: "transpose_4096", goal: 1) {
      let x = NDArray.normal([4096, 4096])
      return { _ = x.transposed.contiguous }
    },
    // Of 50,000 words, 1,120 are looked up.
    Workload(name: "embedding_50k", goal: 5) {
      let table = Embedding(50_000, 128)
      let words = Indices((0..<1120).map { _ in Int.random(in: 0..<50_000) }, shape: [35, 32])
      return training(SGD(table.parameters(), learningRate: 0.1)) { table(words).pow(2).sum() }
    },
  ]

  private static func leaf(_ count: Int) -> Tensor {
    Tensor(.uniform([count], in: 0...1), requiresGrad: true)
  }
}
