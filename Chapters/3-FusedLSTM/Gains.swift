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
      the arithmetic is. The versions take turns; the table has the median of the rounds and where the
      middle half of them lies.

      Beside it stands what the matrix products take by themselves: as many, of the same shapes, on
      arrays that remember nothing. All else is the arithmetic of the gates, what is put side by side and
      cut apart, arrays made and let go, and the walk back through the history; in version 5, which has
      none of the others, the arithmetic, and that a step's product waits for the step before.

      The large one's last row is version 5 again on all cores of the machine. An operation that knows the
      whole sequence can give each core some sequences of the batch, or some of the hidden units. A step of
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
    /// Milliseconds of the five versions on one thread, and of their products, round by round.
    var measured: [(all: [[Double]], products: [[Double]])] = []
    let threads = Threads.count
    for size in sizes {
      let weights = LSTMWeights(inputSize: size.input, hiddenSize: size.hidden)
      let fused = try wholeSequence(weights, inputSize: size.input)
      let x = Tensor(.normal([35, size.batch, size.input]))
      let steps: [() -> Tensor] =
        [
          { gateByGate(x, weights) }, { oneProductPerGate(x, weights) }, { oneProduct(x, weights) },
          { inputAheadOfTime(x, weights) }, { fused(x).output },
        ] + (size.batch > 1 ? [{ fused(x).output }] : [])
      let training = steps.enumerated().map { version, step in
        {
          Threads.count = version == 5 ? threads : 1
          step().sum().backward()
        }
      }
      let products = (1...5).map { version in
        let work = productsAlone(
          of: version, steps: 35, batch: size.batch, inputSize: size.input,
          hiddenSize: size.hidden)
        return {
          Threads.count = 1
          work()
        }
      }
      let milliseconds = interleavedSeconds(
        training + products, rounds: page.quick ? 3 : size.rounds
      ).map { $0.map { $0 * 1000 } }
      Threads.count = threads
      let (all, alone) = (milliseconds.dropLast(5), Array(milliseconds.suffix(5)))
      measured.append((Array(all.prefix(5)), alone))
      page.table(
        ["35 steps, \(size.title)", "ms", "middle half", "products", "all else", "× version 1"],
        zip(names + ["5  on \(threads) threads"], all).enumerated().map { place, version in
          let (title, own) = version, middle = own.quartiles.middle
          let products = place < 5 ? alone[place].quartiles.middle : nil
          return [
            title, middle.twoDigits, own.middleHalf, products?.twoDigits ?? "",
            products.map { max(0, middle - $0).twoDigits } ?? "",
            (all[0].quartiles.middle / middle).twoDigits,
          ]
        }, caption: "× version 1: how many times as fast",
        alignments: [.left] + [Alignment](repeating: .right, count: 5))
      let first = all[0].quartiles.middle
      page.result(
        "lstm_speedup.\(size.name)_one_thread", first / all[4].quartiles.middle, digits: 2)
      if all.count > 5 {
        page.result("lstm_speedup.\(size.name)", first / all[5].quartiles.middle, digits: 2)
      }
    }
    let gain = measured[0].all[0].quartiles.middle / measured[0].all[4].quartiles.middle
    page.reveal(
      guess, right: gain > 5 ? 2 : gain > 2 ? 1 : 0, "It is \(gain.twoDigits) times as fast.")

    for (size, it) in zip(sizes, measured) {
      // In a round the versions follow one another: their times are held beside each other there.
      let others = (1..<5).filter { version in
        let ratios = zip(it.all[version], it.all[version - 1]).map { $0 / $1 }
        return ratios.quartiles.high >= 1
      }.map { "\($0 + 1)" }
      page.claim(
        "With \(size.title), each version is faster than the one before it, in three of four rounds and "
          + "more.", holds: others.isEmpty,
        otherwise:
          "With \(size.title), not every version is faster than the one before it in three of four rounds: "
          + "\(others.joined(separator: " and ")) \(others.count == 1 ? "is" : "are") not.")
    }
    let medians = measured.map {
      (all: $0.all.map(\.quartiles.middle), products: $0.products.map(\.quartiles.middle))
    }
    let shares = medians.map { zip($0.products, $0.all).map { $0 / $1 * 100 } }
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
    let rest = zip(sizes, medians).map { size, it in
      "\(it.all[4].twoDigits) against \(it.products[3].twoDigits) ms with \(size.title)"
    }
    page.claim(
      "Version 5 takes less time than the products of version 4 by themselves: "
        + "\(rest.joined(separator: ", ")).",
      holds: measured.allSatisfy { $0.all[4].quartiles.high < $0.products[3].quartiles.low },
      otherwise:
        "The whole of version 5 beside the products of version 4 by themselves: "
        + "\(rest.joined(separator: ", ")).")
    let joined = (1...2).map { medians[1].products[$0].twoDigits }
    page.claim(
      "With 256 units the products of version 3 take longer than those of version 2, \(joined[1]) against "
        + "\(joined[0]) ms, though they compute the same: the joined matrix is 1.2 MB, and so is the copy in the "
        + "order in which a product reads it. One gate's are 0.3 MB each, and stay in the cache of a core.",
      holds: zip(measured[1].products[2], measured[1].products[1]).map { $0 / $1 }.quartiles.low
        > 1,
      otherwise:
        "With 256 units the products of version 3 take \(joined[1]) ms, those of version 2 "
        + "\(joined[0]): the joined matrix costs nothing here, and gains little.")

    page.prose(
      #"""
      Step by step: version 2 has half as many products as version 1, but puts $x_t$ and $h_{t-1}$ side
      by side at every step. Version 3 has a quarter of version 2's products, each four times as large,
      and cuts its result into four; where the products are large already there is little to gain from
      joining them, or something to lose. Version 4 puts nothing side by side any more, and its products with
      the input, forward and for the gradient of $W_x$, are one each. Version 5 saves in the products,
      too: it brings $W_h$ once into the order in which a product reads it, where the loop does so at
      every step, and the gradient of $W_h$ is one product. And it does the gates' arithmetic of a step
      in one go, with no array for each intermediate result and a single history entry.
      """#)
  }
}
