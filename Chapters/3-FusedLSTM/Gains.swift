import ChapterTools
import Foundation
import Unroll

extension FusedLSTM {
  /// How long a training step of each version takes, and where its milliseconds go.
  func gains(_ page: Page, _ names: [String]) throws {
    page.prose(
      #"""
      ## What each version gains

      One training step, forward and backward, in Float, at two sizes: a small network on a single
      sequence, where the bookkeeping is everything, and one of the size of a character model, where
      the arithmetic is. The versions take turns, and the median of the rounds counts.

      Beside the first four stands what their matrix products take by themselves: as many, of the same
      shapes, on arrays that remember nothing. All else is the arithmetic of the gates, what is put side
      by side and cut apart, arrays made and let go, and the walk back through the history.

      The last row is version 5 again on all cores of the machine. An operation that knows the whole
      sequence can give each core some sequences of the batch, or some of the hidden units. A step of
      the small network is too little to be worth it, and stays on one.
      """#)
    page.show("productsAlone", in: "Products.swift")
    let sizes = [
      (name: "h32", title: "hidden 32, batch 1", input: 1, hidden: 32, batch: 1, rounds: 13),
      (name: "h256", title: "hidden 256, batch 32", input: 28, hidden: 256, batch: 32, rounds: 9),
    ]
    let guess = page.predict(
      "The small network, on one thread: how many times as fast as gate by gate is the whole sequence "
        + "as one operation? The arithmetic is the same.",
      answers: ["Up to twice", "Two to five times", "More than five times"])
    var panels: [Figure] = []
    var measured: [(all: [Double], products: [Double])] = []
    let threads = Threads.count
    for size in sizes {
      let weights = LSTMWeights(inputSize: size.input, hiddenSize: size.hidden)
      let fused = try wholeSequence(weights, inputSize: size.input)
      let x = Tensor(.normal([35, size.batch, size.input]))
      let steps: [() -> Tensor] = [
        { gateByGate(x, weights) }, { oneProductPerGate(x, weights) }, { oneProduct(x, weights) },
        { inputAheadOfTime(x, weights) }, { fused(x).output }, { fused(x).output },
      ]
      let training = steps.enumerated().map { version, step in
        {
          Threads.count = version == 5 ? threads : 1
          step().sum().backward()
        }
      }
      let products = (1...4).map { version in
        let work = productsAlone(
          of: version, steps: 35, batch: size.batch, inputSize: size.input,
          hiddenSize: size.hidden)
        return {
          Threads.count = 1
          work()
        }
      }
      let milliseconds = interleavedMedians(
        training + products, rounds: page.quick ? 3 : size.rounds
      ).map { $0 * 1000 }
      Threads.count = threads
      let (all, alone) = (Array(milliseconds[..<6]), Array(milliseconds[6...]))
      measured.append((all, alone))
      let titles = names + ["5  on \(threads) threads"]
      page.table(
        ["35 steps, \(size.title)", "ms", "products", "all else", "times as fast as version 1"],
        titles.enumerated().map { place, title in
          let isAlone = place < alone.count
          return [
            title, all[place], isAlone ? alone[place] : "",
            isAlone ? all[place] - alone[place] : "", all[0] / all[place],
          ]
        }, digits: 3)
      page.result("lstm_speedup.\(size.name)_one_thread", all[0] / all[4], digits: 3)
      page.result("lstm_speedup.\(size.name)", all[0] / all[5], digits: 3)
      var panel = Figure(size.title, x: "milliseconds for one training step")
      panel.bars(titles, all, values: "%.2f", horizontal: true)
      panels.append(panel)
    }
    let gain = measured[0].all[0] / measured[0].all[4]
    page.reveal(
      guess, right: gain > 5 ? 2 : gain > 2 ? 1 : 0,
      String(format: "It is %.1f times as fast.", gain))
    try page.figure(Figure.grid("Five versions of one LSTM", columns: 1, panels))

    for (size, it) in zip(sizes, measured) {
      let slower = (1..<5).filter { it.all[$0] >= it.all[$0 - 1] }.map { "\($0 + 1)" }
      page.claim(
        "With \(size.title), each version is faster than the one before it.", holds: slower.isEmpty,
        otherwise:
          "With \(size.title), not every version is faster than the one before it in this run: "
          + "\(slower.joined(separator: " and ")) \(slower.count == 1 ? "is" : "are") not.")
    }
    let shares = measured.map { zip($0.products, $0.all).map { $0 / $1 * 100 } }
    func range(_ shares: ArraySlice<Double>) -> String {
      String(format: "%.0f to %.0f %%", shares.min()!, shares.max()!)
    }
    let (small, large) = (shares[0][..<4], shares[1][..<4])
    page.claim(
      "In the small network the products are \(range(small)) of the time of versions 1 to 4: most of "
        + "it is bookkeeping.",
      holds: small.max()! < 50,
      otherwise:
        "In the small network the products are \(range(small)) of the time of versions 1 to 4.")
    page.claim(
      "With 256 units and a batch of 32 they are \(range(large)): there, most of the time is "
        + "in the products.",
      holds: large.min()! > 50,
      otherwise: "With 256 units and a batch of 32 they are \(range(large)).")
    let rest = zip(sizes, measured).map { size, it in
      String(format: "%.2f against %.2f ms with \(size.title)", it.all[4], it.products[3])
    }
    page.claim(
      "Version 5 takes less time than the products of version 4 by themselves: "
        + "\(rest.joined(separator: ", ")).",
      holds: measured.allSatisfy { $0.all[4] < $0.products[3] },
      otherwise:
        "The whole of version 5 beside the products of version 4 by themselves: "
        + "\(rest.joined(separator: ", ")).")

    page.prose(
      #"""
      Step by step: version 2 has half as many products as version 1, but puts $x_t$ and $h_{t-1}$ side
      by side at every step. Version 3 has a quarter of version 2's products, each four times as large,
      and cuts its result into four;
      where the products are large already there is little to gain from joining them. Version 4 puts nothing side by side any more, and its products with
      the input, forward and for the gradient of $W_x$, are one each. Version 5 saves in the products,
      too: it brings $W_h$ once into the order in which a product reads it, where the loop does so at
      every step, and the gradient of $W_h$ is one product. And it does the gates' arithmetic of a step
      in one go, with no array for each intermediate result and a single history entry.
      """#)
  }
}
