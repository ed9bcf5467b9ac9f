import CKernels
import CReference
import Foundation

/// One random layer with everything that can vary, run by the fast kernels or by the plain ones.
struct SequenceCase: CustomStringConvertible {
  var cell: ck_cell
  var dtype: ck_dtype
  var reverse: Bool
  var input: Int
  var hidden: Int
  var batchSizes: [Int]
  var bias = true
  var initialState = true
  /// Whether x is mostly zeros.
  var sparse = false
  /// How large the biases are.
  var biasScale: Float = 1
  /// Whether the gates are computed again on the way back.
  var checkpointing = false
  /// What is added to the gradient from outside, for sums that grow.
  var outward: Float = 0

  var steps: Int { batchSizes.count }
  var batch: Int { batchSizes[0] }
  var rows: Int { batchSizes.reduce(0, +) }
  var gates: Int { hidden * (cell == CK_LSTM ? 4 : cell == CK_GRU ? 3 : 1) }

  var description: String {
    "cell \(cell.rawValue) \(dtype == CK_F32 ? "Float" : "Double") \(input)→\(hidden) "
      + "rows \(batchSizes) \(reverse ? "reverse " : "")\(bias ? "" : "no bias ")"
      + "\(initialState ? "" : "no state ")\(sparse ? "sparse" : "")"
  }

  /// Everything that comes out, in one list: output, last states, then the seven gradients.
  struct Results {
    var names: [String] = []
    var values: [[Double]] = []
    /// This thread's processor time of the way back.
    var seconds = 0.0
    mutating func add(_ name: String, _ numbers: [Double]) {
      names.append(name)
      values.append(numbers)
    }
  }

  private var sizes: [Int] {
    let state = batch * hidden
    return [rows * input, state, state, gates * input, gates * hidden, gates, gates]
  }

  /// The same numbers at every call: both element types see what a Float can hold.
  func run<N: BinaryFloatingPoint & SendableMetatype>(
    _: N.Type, plain: Bool, saving: Bool = true
  ) -> Results {
    var random = SplitMix(state: UInt64(rows * 31 + hidden * 7 + input))
    let memory = Memory<N>()
    func numbers(_ count: Int, _ scale: Float = 1) -> UnsafeMutablePointer<N> {
      memory.take((0..<count).map { _ in N(scale * Float.random(in: -1...1, using: &random)) })
    }
    let state = batch * hidden, outRow = hidden + 3  // as one direction of two would write
    let x = numbers(rows * input)
    if sparse { for i in 0..<rows * input where i % 11 != 5 { x[i] = 0 } }
    let wIH = numbers(gates * input)
    let wHH = numbers(gates * hidden, 0.8 / Float(hidden).squareRoot())
    let bIH = numbers(gates, biasScale), bHH = numbers(gates, biasScale)
    let h0 = numbers(state), c0 = numbers(state)
    let dy = numbers(rows * outRow), dhN = numbers(state), dcN = numbers(state)
    if outward != 0 { for i in 0..<rows * outRow { dy[i] += N(outward) } }
    let out = memory.take([N](repeating: 0, count: rows * outRow))
    // The plain kernels add to what is there, so they begin from zeros; the fast ones find rubbish.
    let rubbish: N = plain ? 0 : .nan
    let hN = memory.take([N](repeating: rubbish, count: state))
    let cN = memory.take([N](repeating: rubbish, count: state))
    let gradients = sizes.map { memory.take([N](repeating: rubbish, count: $0)) }
    var targets = ck_sequence_gradients(
      x: gradients[0], h0: gradients[1], c0: gradients[2], w_ih: gradients[3], w_hh: gradients[4],
      b_ih: bias ? gradients[5] : nil, b_hh: bias ? gradients[6] : nil)
    var seconds = 0.0
    batchSizes.withUnsafeBufferPointer { sizes in
      var sequence = ck_sequence(
        cell: cell, dtype: dtype, reverse: reverse, input: input, hidden: hidden, steps: steps,
        batch: batch, batch_sizes: sizes.baseAddress, w_ih: wIH, w_hh: wHH,
        b_ih: bias ? bIH : nil, b_hh: bias ? bHH : nil,
        h0: initialState ? h0 : nil, c0: initialState ? c0 : nil, checkpointing: checkpointing,
        packed: nil)
      if plain {
        func d(_ p: UnsafeMutablePointer<N>) -> UnsafeMutablePointer<Double> {
          UnsafeMutableRawPointer(p).assumingMemoryBound(to: Double.self)
        }
        ck_sequence_reference(
          &sequence, d(x), d(out), outRow, d(hN), d(cN), d(dy), outRow, d(dhN), d(dcN), &targets)
        return
      }
      let saved = UnsafeMutableRawPointer.allocate(
        byteCount: ck_sequence_saved_bytes(&sequence), alignment: 64)
      let scratch = UnsafeMutableRawPointer.allocate(
        byteCount: ck_sequence_scratch_bytes(&sequence), alignment: 64)
      ck_sequence_forward(&sequence, x, out, outRow, hN, cN, saving ? saved : nil, scratch)
      if saving {
        let begin = processorSeconds()
        ck_sequence_backward(
          &sequence, x, out, outRow, dy, outRow, dhN, cell == CK_LSTM ? dcN : nil, saved, scratch,
          &targets)
        seconds = processorSeconds() - begin
      }
      saved.deallocate()
      scratch.deallocate()
    }
    func list(_ p: UnsafeMutablePointer<N>, _ count: Int) -> [Double] {
      UnsafeBufferPointer(start: p, count: count).map(Double.init)
    }
    var results = Results(seconds: seconds)
    results.add("output", list(out, rows * outRow))
    results.add("h_n", list(hN, state))
    if cell == CK_LSTM { results.add("c_n", list(cN, state)) }
    guard saving else { return results }
    let names = ["x", "h0", "c0", "w_ih", "w_hh", "b_ih", "b_hh"]
    for (i, name) in names.enumerated() where (i != 2 || cell == CK_LSTM) && (bias || i < 5) {
      results.add("∂" + name, list(gradients[i], sizes[i]))
    }
    return results
  }

  func run(plain: Bool = false, saving: Bool = true) -> Results {
    dtype == CK_F32 && !plain
      ? run(Float.self, plain: false, saving: saving)
      : run(Double.self, plain: plain, saving: saving)
  }
}

private func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Gives memory out and takes all of it back at the end.
private final class Memory<N> {
  private var pieces: [UnsafeMutablePointer<N>] = []
  func take(_ values: [N]) -> UnsafeMutablePointer<N> {
    let piece = UnsafeMutablePointer<N>.allocate(capacity: values.count)
    piece.initialize(from: values, count: values.count)
    pieces.append(piece)
    return piece
  }
  deinit { pieces.forEach { $0.deallocate() } }
}
