import ChapterTools
import Unroll

extension Modules {
  /// The same batch padded and packed.
  func packing(_ page: Page) throws {
    page.prose(
      #"""
      ## Padded and packed

      Sequences of unequal length become one array by filling up the shorter ones with zeros. The
      layer doesn't know that; it runs on through the padding. A packed sequence leaves the
      padding out: the layer takes each sequence to its own end and no further.
      """#)
    let lengths = [3, 5, 2]
    let sequences = lengths.map { NDArray.normal([$0, 4]) }
    let padded = Tensor(padSequence(sequences))
    let packed = packPaddedSequence(padded, lengths: lengths)
    page.print("padded: \(padded.shape), rows computed:", padded.shape[0] * padded.shape[1])
    page.print("packed: \(packed.data.shape), sequences at each time: \(packed.batchSizes)")

    page.prose(
      #"""
      The longest of the three stands in the middle. In the caller's order its last rows would have a
      gap on either side; packed, the longest goes first (as in
      [chapter 1](../sequence-data/chapter.html#padding-the-mask-packing)), and the states come back in
      the caller's order, as with `enforce_sorted=False` in PyTorch. Of the four numbers of a row the
      picture shows the first.
      """#)
    let firsts = UnequalBatch(
      sequences.map { rows in (0..<rows.shape[0]).map { rows[$0].doubles[0] } })
    try page.interactive(
      Interactive(
        .packing, data: firsts, fallback: Figure(firsts.diagram("The rows of the packed batch"))))

    page.prose("What does the layer make of each, beside the sequence run by itself?")
    let layer = GRU(inputSize: 4, hiddenSize: 6)
    let throughPadding = layer(padded).h_n[0], toTheEnd = layer(packed).h_n[0]
    let rows = lengths.indices.map { k -> [any CustomStringConvertible] in
      let alone = layer(Tensor(sequences[k])).h_n[0].value
      func away(_ state: Tensor) -> Double { (state.value[k] - alone).abs().max().item }
      return [k, lengths[k], away(throughPadding), away(toTheEnd)]
    }
    page.table(
      ["sequence", "length", "last state, padded: off by", "packed: off by"], rows,
      caption: "Largest difference from the sequence run by itself.")

    page.prose(
      #"""
      The longest sequence has no padding and comes out right either way. The others end in a state
      that says how much padding followed, and a network trained that way learns it.

      ## What it would have learned from the padding

      A small task: the answer is the mean of a sequence of 2 to 20 numbers. The same network, the
      same starting weights, the same data; one reads the padded batch, the other the packed one.
      """#)
    page.show("MeanReader", in: "MeanReader.swift")
    let steps = page.quick ? 60 : 600
    var models: [MeanReader] = []
    for isPacked in [false, true] {
      Generator.default.seed(page.seed)
      let model = MeanReader(isPacked: isPacked)
      let optimizer = Adam(model.parameters(), learningRate: 0.01)
      for step in 0..<steps {
        let batch = MeanReader.batch(32)
        optimizer.zeroGrad()
        mseLoss(model(batch.x, batch.lengths), batch.y).backward()
        optimizer.step()
        page.progress(isPacked ? "packed" : "padded", step + 1, of: steps)
      }
      models.append(model)
    }

    page.prose(
      #"""
      Both are judged on fresh batches like those they learned from, and then on one sequence at a
      time, as a program that uses the network would ask it: no other sequences, no padding.
      Answering 0 always would have the error in the first row.
      """#)
    let guess = page.predict(
      "The network that was trained on padded batches, asked alone: what is its error beside that of "
        + "the packed one?",
      answers: [
        "The same: there is no padding when it is asked", "Up to ten times as large",
        "More than ten times as large",
      ])
    let test = (0..<20).map { _ in MeanReader.batch(32) }
    let zero = test.map { mseLoss(.zeros([32, 1]), $0.y).item }.reduce(0, +) / 20
    func together(_ model: MeanReader) -> Double {
      noGrad { test.map { mseLoss(model($0.x, $0.lengths), $0.y).item }.reduce(0, +) / 20 }
    }
    func alone(_ model: MeanReader) -> Double {
      noGrad {
        let errors = test.flatMap { batch in
          batch.lengths.enumerated().map { k, length -> Double in
            let own = batch.x.narrow(axis: 1, start: k, length: 1)
              .narrow(axis: 0, start: 0, length: length)
            return mseLoss(model(own, [length]), batch.y.narrow(axis: 0, start: k, length: 1)).item
          }
        }
        return errors.reduce(0, +) / Double(errors.count)
      }
    }
    let errors = models.map { (together: together($0), alone: alone($0)) }
    page.table(
      ["network", "error in batches", "error alone"],
      [
        ["always 0", zero, zero], ["padded", errors[0].together, errors[0].alone],
        ["packed", errors[1].together, errors[1].alone],
      ].map { row in row.map { ($0 as? Double).map { String(format: "%.5f", $0) } ?? "\($0)" } },
      alignments: [.left, .right, .right])
    page.result("packing.padded.alone_mse", errors[0].alone)
    page.result("packing.packed.alone_mse", errors[1].alone)
    let factor = errors[0].alone / errors[1].alone
    page.reveal(
      guess, right: factor > 10 ? 2 : factor > 1.1 ? 1 : 0,
      String(
        format: "It is %.3g times that of the packed one: the padded network has learned to answer "
          + "after padding, and misses it.", factor))

    page.prose("One sequence of three ones, and more and more padding behind it.")
    let answers = models.map { model in
      (0...30).map { padding -> Double in
        let x = Tensor(.concatenate([.ones([3, 1, 1]), .zeros([padding, 1, 1])]))
        return noGrad { model(x, [3]).item }
      }
    }
    var figure = Figure(
      "The same sequence, more and more padding", x: "steps of padding", y: "answer")
    figure.line(y: answers[0], label: "padded")
    figure.line(y: answers[1], label: "packed")
    figure.line(y: answers[0].map { _ in 1 }, label: "truth", color: .gray, style: .dashed)
    try page.figure(figure)
  }
}
