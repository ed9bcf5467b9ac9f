import ChapterTools
import Foundation
import Unroll

extension Applications {
  /// Many to one: which way does it move?
  func video(_ page: Page) throws {
    page.prose(
      #"""
      ## Video

      Twelve frames of twelve by twelve pixels, and in them a blob that moves one of eight ways, under
      noise nearly as strong as itself. In a single frame it can hardly be seen; over twelve it can.
      Which way does it move? It takes about ten seconds.
      """#)
    page.show("Film", in: "Film.swift")
    let noise = 0.8
    let generator = Generator(seed: page.seed &+ 40)
    let shown = Film(noise: noise, generator: generator)
    var strip = Figure("Twelve frames: the blob moves \(Film.directions[shown.direction])")
    strip.size = .flat
    strip.pictures(
      shown.pictures.map { $0.map { max(0, $0) } }, width: Film.size,
      captions: (1...Film.frames).map { "\($0)" }, columns: 6)
    try page.figure(strip)

    page.prose(
      #"""
      ### The network and its rivals

      Each frame goes through one linear layer, and an LSTM gathers what comes. Beside it three that
      learn nothing. *Frame difference*: later frames less earlier ones, and the way from what became
      darker to what became brighter. *Brightest pixel*: its way, by least squares. And *best way*, by
      somebody who knows how the films are made: all ways are tried, and the one along which the
      pictures are brightest wins. In white noise hardly anything does better.
      """#)
    page.show("FilmModel", in: "Film.swift")
    page.show("byDifference", in: "Film.swift")
    page.show("byBestWay", in: "Film.swift")
    let quick = page.quick
    let models = try keptOverSeeds(
      page, "video", title: "films", { FilmModel() },
      train: { train($0, steps: quick ? 50 : 500, noise: noise, each: $1) })
    let levels = [0.2, 0.5, 0.8, 1.2, 1.6]
    var network: [[Double]] = [], difference: [Double] = [], brightest: [Double] = []
    var bestWay: [Double] = []
    var confusion = ConfusionMatrix(classes: 8)
    for (number, level) in levels.enumerated() {
      page.progress("new films", number, of: levels.count)
      let maker = Generator(seed: page.seed &+ 4_100 &+ UInt64(number))
      let films = (0..<(quick ? 100 : 1_000)).map { _ in Film(noise: level, generator: maker) }
      func accuracy(_ answer: (Film) -> Int) -> Double {
        Double(films.count { answer($0) == $0.direction }) / Double(films.count)
      }
      let input = frames(films), truth = Indices(films.map(\.direction))
      let answers = models.map { model in noGrad { model(input) }.value }
      network.append(
        answers.map { ConfusionMatrix(classes: 8, predictions: $0, targets: truth).accuracy })
      if level == noise { confusion.update(answers[0], truth) }
      difference.append(accuracy(byDifference))
      brightest.append(accuracy(byBrightest))
      bestWay.append(accuracy(byBestWay))
    }
    let percent = { (share: Double) in String(format: "%.1f %%", 100 * share) }
    page.table(
      ["noise", "frame difference", "brightest pixel", "LSTM", "best way"],
      levels.indices.map {
        [
          levels[$0], percent(difference[$0]), percent(brightest[$0]),
          percent(network[$0].mean), percent(bestWay[$0]),
        ]
      }, digits: 2, alignments: [.right, .right, .right, .right, .right])
    let place = levels.firstIndex(of: noise)!
    page.result("video.accuracy", over: network[place])
    page.result("video.difference.accuracy", difference[place])
    page.result("video.brightest.accuracy", brightest[place])
    page.result("video.best_way.accuracy", bestWay[place])
    let gap = network[place].mean - difference[place]
    page.print(
      gap > 0.01
        ? "The network does better than the frame difference: it has learned to look for a blob, "
          + "where a difference weighs the noise of every pixel, too."
        : "The frame difference does at least as well as the network.")
    let ahead = 100 * (bestWay[place] - network[place].mean)
    if ahead > 0 {
      page.print(
        String(format: "The best way is ahead of the network by %.1f percentage points.", ahead))
    }
    var figure = Figure(
      "Which way does it move?", x: "noise (standard deviation; the blob is 1)",
      y: Axis("accuracy on new films (%)", min: 0, max: 105))
    func line(_ label: String, _ values: [Double]) {
      figure.line(x: levels, y: values.map { 100 * $0 }, label: label, markers: true)
    }
    line("LSTM", network.map(\.mean))
    line("frame difference", difference)
    line("brightest pixel", brightest)
    line("best way", bestWay)
    figure.line(
      x: levels, y: levels.map { _ in 12.5 }, label: "guessing", color: .gray, style: .dashed)
    try page.figure(figure)

    page.prose(
      #"""
      ### What goes wrong

      The network was trained with noise of 0.8 alone; the table has it with less and with more. Its
      answers at 0.8, in shares of each direction's films; beside the diagonal, and in the two
      corners away from it, they are 45° off.
      """#)
    var heat = Figure("Answers of the LSTM, noise \(noise)", x: "answer", y: "direction")
    heat.size = .square
    heat.colorBar = Axis("share")
    heat.heatmap(
      confusion.counts.map { row in row.map { Double($0) / Double(max(1, row.reduce(0, +))) } },
      rows: Film.directions, columns: Film.directions, range: 0...1, values: "%.2f", square: true)
    try page.figure(heat)
    var off = 0, beside = 0
    for (actual, row) in confusion.counts.enumerated() {
      for (answer, count) in row.enumerated() where answer != actual {
        off += count
        if [1, 7].contains((answer - actual + 8) % 8) { beside += count }
      }
    }
    page.print("\(beside) of \(off) mistakes are 45° off")
    page.prose(
      #"""
      To try: let the blob begin anywhere and leave the picture on one side to come back on the other;
      shuffle the frames, and see which of the four notices.
      """#)
  }
}
