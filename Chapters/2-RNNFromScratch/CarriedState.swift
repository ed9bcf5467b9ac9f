import ChapterTools
import Foundation
import Unroll

extension RNNFromScratch {
  /// A state that goes on from segment to segment, and a gradient that does not.
  func carriedState(_ page: Page) throws {
    page.prose(
      #"""
      ## A state carried on: from sine to cosine

      Given $\sin t$, say $\cos t$. From one value nobody can: $\sin t = 0.5$ happens on the way up
      and on the way down. A state that remembers the direction can. The curve comes in segments of
      ten points, one training step each, 300 steps in all; the state at the end of a segment is the
      state at the start of the next. It is *detached* on the way: the number is carried on, its
      history is not, so that each step looks back over its own ten points.

      This task is a famous one to judge by a single lucky run. So here are several seeds, and beside them
      what needs neither state nor training: weighted sums of the last sines.
      """#)
    page.show("SineToCosine", in: "SineToCosine.swift")
    page.show("weightedSumError", in: "WeightedSines.swift")

    page.prose("One run after the other, each from weights of its own:")
    let sineSeeds = page.quick ? 3 : 11
    let sineSteps = page.quick ? 100 : 300
    var finals: [Double] = []
    var runs: [(losses: [Double], segments: [SineToCosine.Segment])] = []
    for seed in 0..<sineSeeds {
      Generator.default.seed(page.seed &* 1000 &+ UInt64(seed))
      runs.append(SineToCosine(hiddenSize: 32).train(steps: sineSteps))
      finals.append(runs[seed].losses[sineSteps - 1])
      page.progress("sine to cosine", seed + 1, of: sineSeeds)
    }
    let median = finals.sorted()[sineSeeds / 2]
    page.print("loss at the last step, seed by seed, sorted:")
    page.print(finals.sorted().map { String(format: "%.2g", $0) }.joined(separator: "  "))
    page.result("sincos.final_loss_median", median)
    page.result("sincos.seeds_above_0.01", finals.filter { $0 > 0.01 }.count)
    let learned = finals.count { $0 < 0.01 }
    let silent = runs[0].segments.last!.cosine.map { $0 * $0 }.mean
    page.claim(
      String(
        format: "It can be learned, and not by every seed in so many steps: %ld of %ld end below "
          + "0.01, the best at %.2g, the worst at %.2g, where always saying 0 costs %.2f. One run "
          + "alone could have told any of these stories.",
        learned, sineSeeds, finals.min()!, finals.max()!, silent),
      holds: learned > 0 && learned < sineSeeds,
      otherwise: String(
        format: "%ld of %ld seeds end below 0.01, the best at %.2g, the worst at %.2g; always "
          + "saying 0 costs %.2f.", learned, sineSeeds, finals.min()!, finals.max()!, silent))

    let sums = [1, 2, 3, 10].map { (count: $0, error: weightedSumError(of: $0)) }
    page.table(
      ["sines in the weighted sum", "mean squared error"],
      sums.map { ["\($0.count)", String(format: "%.2g", $0.error)] }, alignments: [.right, .right])
    page.claim(
      "Ten sines are enough for a weighted sum to say the cosine but for rounding; so the task asks "
        + "for a short memory and nothing else. Two or three are not enough: each segment begins "
        + "with the point at which the last one ended.",
      holds: sums[3].error < 1e-12 && sums[1].error > 0.01 && sums[2].error > 0.01, in: .everyRun)

    var curve = Figure(
      "From sine to cosine, \(sineSeeds) seeds", x: "step", y: .log("mean squared error"))
    for (seed, run) in runs.enumerated() {
      curve.line(
        x: 1...run.losses.count, y: run.losses, label: seed == 0 ? "each seed" : nil, color: .gray,
        width: 1.2)
    }
    curve.line(
      x: 1...sineSteps,
      y: (0..<sineSteps).map { step in runs.map { $0.losses[step] }.sorted()[sineSeeds / 2] },
      label: "median", color: .blue)
    curve.size = .flat
    try page.figure(curve)
    let run = runs[finals.firstIndex(of: median)!]
    // Two segments are one turn: the first one, and thirteen more on the way to the last.
    let turns = [0] + (1...13).map { sineSteps / 2 * $0 / 13 - 1 }
    let learning = Animation(turns.count, framesPerSecond: 3, rest: 3) { place in
      let (step, start) = (2 * turns[place], 2 * Double(turns[place]) * .pi)
      let error = (run.losses[step] + run.losses[step + 1]) / 2
      var frame = Figure(
        String(format: "steps %ld and %ld, mean squared error %.2g", step + 1, step + 2, error),
        x: "t", y: Axis("value", min: -1.5, max: 1.5))
      for (half, segment) in run.segments[step...step + 1].enumerated() {
        let (time, isFirst) = (segment.time.map { $0 - start }, half == 0)
        frame.line(
          x: time, y: segment.sine, label: isFirst ? "input: sin t" : nil, color: .gray)
        frame.line(
          x: time, y: segment.cosine, label: isFirst ? "target: cos t" : nil, color: .black)
        frame.line(
          x: time, y: segment.answer, label: isFirst ? "answer" : nil, color: .vermilion,
          style: .solid, markers: true)
      }
      frame.x.ticks = .at(
        [0, 0.5, 1, 1.5, 2].map { ($0 * .pi, $0 == 0 ? "0" : $0.formatted() + " π") })
      frame.size = .init(width: 1000, height: 560)
      return frame
    }
    try page.animation("The median seed learns, turn by turn", learning)

    page.prose(
      #"""
      And if the state is not detached? Then each loss has the whole past for its history: every
      `backward()` walks back to the first step, so that the time for one step grows with the number
      of steps before it, and so does the memory. (The history must be kept on purpose, with
      `retainGraph: true`; otherwise the second `backward()` stops the program and says why.)
      """#)
    let walked = page.quick ? 40 : 200
    let detached = SineToCosine(hiddenSize: 32).memory(steps: walked, detached: true)
    let kept = SineToCosine(hiddenSize: 32).memory(steps: walked, detached: false)
    page.table(
      ["training step", "kilobytes held, detached", "not detached"],
      stride(from: walked / 4, through: walked, by: walked / 4).map {
        [$0, Double(detached[$0 - 1]) / 1024, Double(kept[$0 - 1]) / 1024]
      }, digits: 2)
    page.claim(
      "Detached, the state costs no more with every step; not detached, it does.",
      holds: detached.max()! < kept[walked / 2 - 1] / 2
        && Double(kept[walked - 1]) > 1.5 * Double(kept[walked / 2 - 1]), in: .everyRun)
    var grows = Figure("What it costs not to detach", x: "training step", y: "kilobytes held")
    grows.line(x: 1...walked, y: kept.map { Double($0) / 1024 }, label: "state not detached")
    grows.line(x: 1...walked, y: detached.map { Double($0) / 1024 }, label: "state detached")
    grows.size = .flat
    try page.figure(grows)

    page.prose(
      #"""
      To cut the gradient's way back at the segment's beginning and to carry the state on is *truncated
      backpropagation through time* (Williams and Peng 1990), and it is how networks read texts without
      end. What does it cost? No weight is ever told that something *before* the segment was of use. The
      state may still hold it, by luck, but is not taught to. A task shows it: a stream of +1 and −1 at
      random, and at each step the sign of six steps ago is to be said; always saying 0 has an error of
      exactly one. The segments have 3, 6, 7, 12 and 24 steps, as many updates each, two seeds. (In seven
      steps one place of each segment sees what it is to say, and the weights are the same at all places.)
      """#)
    page.show("echoError", in: "Truncation.swift")

    page.prose("What came six steps ago:")
    let delay = 6, updates = page.quick ? 60 : 1200
    let segments = page.quick ? [3, 12] : [3, 6, 7, 12, 24]
    let echoes = segments.enumerated().map { place, segment in
      page.progress("echo", place, of: segments.count)
      return (0..<2).map {
        echoError(
          delay: delay, segment: segment, updates: updates, seed: page.seed &* 1000 &+ UInt64($0))
      }
    }
    page.table(
      ["steps in a segment", "mean squared error, each seed"],
      zip(segments, echoes).map { segment, errors in
        ["\(segment)", errors.map { String(format: "%.3f", $0) }.joined(separator: ", ")]
      }, alignments: [.right, .left])
    for (segment, errors) in zip(segments, echoes) {
      page.result("truncation.segment\(segment).mse", errors.mean, digits: 3)
    }
    let short = zip(segments, echoes).filter { $0.0 <= delay }.flatMap(\.1)
    let long = zip(segments, echoes).filter { $0.0 > delay }.flatMap(\.1)
    page.claim(
      "Segments of more than six steps teach it, with every seed; seven are enough.",
      holds: long.max()! < 0.1,
      otherwise: String(
        format: "Of the segments of more than six steps the largest error is %.2f.", long.max()!),
      in: .fullRuns)
    let lucky = short.filter { $0 < 0.7 }
    page.claim(
      "Segments no longer than six steps teach nothing of what came six steps ago.",
      holds: lucky.isEmpty,
      otherwise: String(
        format:
          "Of the %ld runs with segments no longer than six steps %ld learned something of it "
          + "nevertheless, at best to an error of %.2f: what their state happened to hold was "
          + "enough for the output layer to read.", short.count, lucky.count, short.min()!))
  }
}
