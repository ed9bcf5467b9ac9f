import Foundation
import NN
import Testing

struct DecodingTests {
  @Test func `a sampler's probabilities`() {
    let logits = [log(0.5), log(0.25), log(0.125), log(0.125)]
    func near(_ sampler: Sampler, _ want: [Double]) -> Bool {
      zip(sampler.probabilities(logits), want).allSatisfy { abs($0 - $1) < 1e-12 }
    }
    #expect(near(Sampler(), [0.5, 0.25, 0.125, 0.125]))
    #expect(
      near(Sampler(temperature: 0.5), [0.25, 0.0625, 0.015625, 0.015625].map { $0 / 0.34375 }))
    #expect(near(.greedy, [1, 0, 0, 0]))
    #expect(near(Sampler(topK: 2), [2.0 / 3, 1.0 / 3, 0, 0]))
    // The token that reaches the sum is in; of equals the first comes first.
    #expect(near(Sampler(topP: 0.5), [1, 0, 0, 0]))
    #expect(near(Sampler(topP: 0.8), [4.0 / 7, 2.0 / 7, 1.0 / 7, 0]))
    #expect(near(Sampler(topP: 1), [0.5, 0.25, 0.125, 0.125]))
    #expect(Sampler(temperature: 0.01).probabilities([1e5, 0, -.infinity]) == [1, 0, 0])
  }

  @Test func `draws follow the probabilities`() {
    let generator = Generator(seed: 4)
    let logits = [log(0.6), log(0.3), log(0.1)]
    var counts = [0, 0, 0]
    for _ in 0..<20_000 { counts[Sampler().next(logits, generator: generator)] += 1 }
    // Five standard deviations.
    for (count, share) in zip(counts, [0.6, 0.3, 0.1]) {
      #expect(abs(Double(count) - 20_000 * share) < 5 * (20_000 * share * (1 - share)).squareRoot())
    }
  }

  /// A chain in which the likeliest first step leads astray.
  private func step(_ state: Int, _ tokens: [Int]) -> ([Double], Int) {
    // Tokens 0 and 1, the end 2.
    let table: [[Double]] = [
      [0.6, 0.4, 0.0],  // at the start
      [0.35, 0.35, 0.3],  // after 0
      [0.05, 0.05, 0.9],  // after 1
    ]
    return (table[tokens.last.map { $0 + 1 } ?? 0].map { log($0) }, state + 1)
  }

  @Test func `a beam finds what the greedy way misses`() {
    let greedy = beamSearch(from: 0, width: 1, end: 2, maxLength: 2, lengthPenalty: 0, step: step)
    #expect(greedy[0].tokens == [0, 0] && !greedy[0].isFinished)
    let wide = beamSearch(from: 0, width: 3, end: 2, maxLength: 4, lengthPenalty: 0, step: step)
    #expect(wide[0].tokens == [1] && wide[0].isFinished)
    #expect(abs(wide[0].logProbability - log(0.36)) < 1e-12)
    #expect(wide.map(\.score) == wide.map(\.score).sorted(by: >))
  }

  /// Against all sequences, counted out.
  @Test func `a beam as wide as all ways finds the best`() {
    func all(_ tokens: [Int], _ p: Double) -> [([Int], Double)] {
      if tokens.count == 4 { return [] }
      let (logP, _) = step(0, tokens)
      return [(tokens, p + logP[2])] + all(tokens + [0], p + logP[0])
        + all(tokens + [1], p + logP[1])
    }
    for penalty in [0.0, 0.6, 1] {
      let best = all([], 0).max {
        $0.1 / pow(Double($0.0.count + 1), penalty) < $1.1 / pow(Double($1.0.count + 1), penalty)
      }!
      let found = beamSearch(
        from: 0, width: 81, end: 2, maxLength: 4, lengthPenalty: penalty, step: step
      ).first { $0.isFinished }!
      #expect(found.tokens == best.0, "penalty \(penalty)")
    }
  }

  @Test func `CTC's labels by the likeliest path and by a beam`() {
    // Graves' example: the likeliest path is blank twice, the likeliest labeling [1].
    let p = NDArray([[0.6, 0.4], [0.6, 0.4]], dtype: .float64)
    #expect(ctcGreedyDecode(p.log().unsqueezed(1)) == [[]])
    let beams = ctcBeamDecode(p.log())
    #expect(beams[0].labels == [1])
    #expect(abs(exp(beams[0].logProbability) - 0.64) < 1e-12)
    #expect(abs(exp(beams[1].logProbability) - 0.36) < 1e-12)
    // A repeated label needs a blank between.
    let path = [1, 1, 0, 1, 2, 2, 0]
    let logits = NDArray(path.map { label in (0..<3).map { $0 == label ? 5.0 : 0 } })
    #expect(ctcGreedyDecode(logits.unsqueezed(1)) == [[1, 1, 2]])
    #expect(ctcGreedyDecode(logits.unsqueezed(1), lengths: [3]) == [[1]])
    #expect(ctcBeamDecode(logits.logSoftmax())[0].labels == [1, 1, 2])
  }

  /// A beam that keeps everything sums every alignment: its probability is what the loss says.
  @Test func `a wide beam agrees with the loss`() {
    let logits = NDArray.normal([5, 3], dtype: .float64, generator: Generator(seed: 9))
    for (labels, p) in ctcBeamDecode(logits.logSoftmax(), width: 1000).prefix(12) {
      let loss = ctcLoss(
        Tensor(logits.logSoftmax().unsqueezed(1)), Indices(labels, shape: [1, labels.count]),
        reduction: .sum)
      #expect(abs(loss.item + p) < 1e-10)
    }
  }

  @Test func `alignments of a step sum to one`() {
    let logP = NDArray.normal([6, 4], dtype: .float64, generator: Generator(seed: 2)).logSoftmax()
    let lattice = CTCLattice([1, 1, 3], steps: 6) { logP[$0, $1].item }
    for t in 0..<6 { #expect(abs(lattice.posterior(at: t).reduce(0, +) - 1) < 1e-12) }
    #expect(CTCLattice([1, 1], steps: 2) { logP[$0, $1].item }.loss == .infinity)
  }

  @Test func `attention looks where it may`() {
    let attention = AdditiveAttention(
      querySize: 3, keySize: 2, hiddenSize: 4, generator: Generator(seed: 1))
    let keys = Tensor(.normal([2, 5, 2], generator: Generator(seed: 2)))
    let mask = NDArray([[1, 1, 1, 0, 0], [1, 0, 0, 0, 0]])
    let (context, weights) = attention(
      Tensor(.normal([2, 3], generator: Generator(seed: 3))), keys: keys, mask: mask)
    #expect(context.shape == [2, 2] && weights.shape == [2, 5])
    #expect((weights.value * (1.0 - mask)).sum().item == 0)
    #expect(weights.value.sum(axis: 1).isClose(to: .ones([2])))
    #expect(context.value[1].isClose(to: keys.value[1, 0]))
    // A query that may look at nothing gets zeros, and sends none of NaN back.
    let q = Tensor(.ones([1, 2]), requiresGrad: true)
    let blind = scaledDotProductAttention(q, keys[0], keys[0], mask: .zeros([5]))
    #expect(blind.output.value == .zeros([1, 2]))
  }

  @Test func `a field's probabilities of all taggings sum to one`() {
    let crf = LinearChainCRF(2, dtype: .float64, generator: Generator(seed: 1))
    let scores = Tensor(.normal([3, 1, 2], dtype: .float64, generator: Generator(seed: 2)))
    var total = 0.0, best = (-1.0, [Int]())
    for code in 0..<8 {
      let tags = (0..<3).map { code >> $0 & 1 }
      let p = exp(-crf.loss(scores, Indices(tags, shape: [3, 1])).item)
      total += p
      if p > best.0 { best = (p, tags) }
    }
    #expect(abs(total - 1) < 1e-12)
    let decoded = crf.decode(scores)[0]
    #expect(decoded.tags == best.1 && abs(exp(decoded.logProbability) - best.0) < 1e-12)
  }

  /// Of scores in the hundreds the loss is a ten-millionth: loss and gradients in Float are those in
  /// Double, sequence by sequence.
  @Test func `a field that is nearly certain`() {
    let lengths = [9, 6, 1]
    let target = Indices((0..<27).map { $0 * 7 % 4 }, shape: [9, 3])
    let certain = NDArray.oneHot(target, classes: 4) * 17.0
    let noise = NDArray.normal([9, 3, 4], generator: Generator(seed: 3))
    let level = NDArray.full([9, 3, 1], 80)
    func results(_ dtype: DType) -> [[Double]] {
      let crf = LinearChainCRF(4, dtype: dtype)
      for (place, parameter) in crf.parameters().enumerated() {
        parameter.value = NDArray.normal(
          parameter.shape, generator: Generator(seed: UInt64(place))
        ).asType(dtype)
      }
      let scores = Tensor((certain + noise + level).asType(dtype), requiresGrad: true)
      let losses = crf.loss(scores, target, lengths: lengths, reduction: .none)
      losses.sum().backward()
      let decoded = crf.decode(scores, lengths: lengths)
      for (sequence, length) in lengths.enumerated() {
        #expect(
          decoded[sequence].tags == (0..<length).map { target.values[$0 * 3 + sequence] })
      }
      return [losses.value.doubles, decoded.map(\.logProbability), scores.grad!.doubles]
        + crf.parameters().map { $0.grad!.doubles }
    }
    for (found, exact) in zip(results(.float32), results(.float64)) {
      for (f, e) in zip(found, exact) { #expect(abs(f - e) <= 1e-5 * abs(e), "\(f), right \(e)") }
      #expect(exact.contains { $0 != 0 } && exact.allSatisfy { abs($0) < 1e-3 })
    }
  }
}
