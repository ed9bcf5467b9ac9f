import ChapterTools
import Foundation
import Synchronization
import Unroll

extension Applications {
  func digits(_ page: Page) throws {
    page.prose(
      #"""
      ## Digits

      *Many to one:* a sequence goes in, one answer comes out after its end. The sequence is an image
      of a digit, 28 rows of 28 numbers from 0 (paper) to 1 (ink), read from top to bottom. First
      the rivals, then a published model that turns out to read no sequence, then rows, then the
      best recipe. Everything is trained from three seeds (two in a quick run), which takes two to
      three minutes on two cores.
      """#)
    let data = try DigitData(data: page.data, quick: page.quick)
    let (training, test) = (data.training, data.test)
    page.print(
      "\(data.name): \(training.count) images to learn from, \(test.count) others to be judged by")
    var shown = Figure("Images to learn from")
    shown.pictures(
      (0..<16).map { training.inputs[$0].doubles }, width: 28,
      captions: (0..<16).map { "\(training.targets.values[$0])" })
    try page.figure(shown, alt: "Sixteen images of digits with what they show")

    let order = Generator(seed: 3).permutation(784)
    let scrambled = (training: training.shuffled(order), test: test.shuffled(order))
    let rivals = try digitRivals(page, training, test)
    let published = try publishedDigits(page, data, scrambled.training)
    let rows = try rowsOfDigits(page, data, scrambled.training)
    tellShuffling(page, data, scrambled.test, published, rows)
    let best = try bestDigits(page, data)

    let scores = best.map { $0.scores(of: test) }
    let accuracies = scores.map { Accuracy()($0, test.targets) }
    // Each network errs elsewhere: the mean of what they hold likely errs less.
    let shares = scores.map { $0.softmax(axis: 1) }
    let together = Accuracy()(shares.dropFirst().reduce(shares[0], +), test.targets)
    let plainRows = "rows, LSTM 128, \(page.quick ? 3 : 10) epochs"
    page.table(
      ["model", "accuracy on unseen images"],
      rivals.map { [$0.name, $0.accuracy] } + [
        ["the published model", published.plain.map { $0.accuracy(on: test) }.mean],
        [plainRows, rows.plain.map { $0.accuracy(on: test) }.mean],
        ["rows, LSTM 128, the best recipe", accuracies.mean],
        ["all of them together", together],
      ], caption: "Networks: the mean of \(best.count) seeds.")
    if page.quick { page.print("A quick run gives the recipe 5 epochs of 40, and 1,000 images.") }
    let rival = rivals.max { $0.accuracy < $1.accuracy }!
    let lead = accuracies.mean - rival.accuracy
    page.print(
      "The strongest rival, \(rival.name), is \(lead > 0 ? "behind" : "ahead of") the best recipe",
      String(format: "by %.1f percentage points.", 100 * abs(lead)))
    page.result("digits.best.accuracy", over: accuracies)
    page.result("digits.best.together.accuracy", together)
    if data.name == "MNIST", !page.quick {
      page.print(
        "PyTorch, measured before, on 10,000 unseen images: published 0.936, rows 0.954,",
        "best recipe 0.987 to 0.989")
    }
    try tellMistakes(page, best, test)
    try tellCertainty(page, best[0], test)
  }

  /// What needs no network that reads.
  private func digitRivals(
    _ page: Page, _ training: LabeledImages, _ test: LabeledImages
  ) throws -> [(name: String, accuracy: Double)] {
    page.prose(
      #"""
      ### The rivals

      *Majority* says the commonest digit every time. *Naive Bayes* takes an image for a bag of ink:
      how much of each digit's ink lies on each pixel. *Softmax regression* gives each pixel a weight
      for each digit and adds up: 7,850 numbers, learned with the same optimizer and epochs as the
      networks.
      """#)
    page.show("SoftmaxRegression", in: "DigitModels.swift")
    var counts = [Int](repeating: 0, count: 10)
    for label in training.targets.values { counts[label] += 1 }
    let commonest = counts.indices.max { counts[$0] < counts[$1] }!
    let majority = Double(test.targets.values.count { $0 == commonest }) / Double(test.count)
    let bayes = MultinomialNaiveBayes(
      fitting: training.inputs.reshaped([training.count, 784]), labels: training.targets,
      classes: 10)
    let byInk = bayes.predict(test.inputs.reshaped([test.count, 784]))
    let bayesAccuracy =
      Double(zip(byInk.values, test.targets.values).count { $0 == $1 }) / Double(test.count)
    let epochs = page.quick ? 3 : 10
    let linear = try keptOverSeeds(page, "digits-linear", title: "softmax regression") {
      SoftmaxRegression()
    } train: { model, progress in
      try trainPlainly(model, on: training, epochs: epochs, progress: progress)
    }
    let linearAccuracies = linear.map { $0.accuracy(on: test) }
    page.result("digits.majority", majority)
    page.result("digits.naive_bayes.accuracy", bayesAccuracy)
    page.result("digits.linear.accuracy", over: linearAccuracies)
    return [
      ("majority", majority), ("naive Bayes on ink", bayesAccuracy),
      ("softmax regression", linearAccuracies.mean),
    ]
  }

  /// Models of three seeds, trained on images as they are and on images in another order.
  private typealias BothWays<Model> = (plain: [Model], shuffled: [Model])

  private func publishedDigits(
    _ page: Page, _ data: DigitData, _ scrambled: LabeledImages
  ) throws -> BothWays<WholeImageReader> {
    page.prose(
      #"""
      ### A published model that reads no sequence

      An example that is copied from tutorial to tutorial gives the image to an LSTM as *one* step of
      784 numbers: 97.42 % from all 60,000 images of MNIST. That is a good number, but what is
      recurrent here? The state before the only step is zero, so the weights from state to state are
      multiplied by zero, and the forget gate has nothing to forget. Fill the recurrent weights with
      chance, and not a bit of the answers changes.
      """#)
    page.show("WholeImageReader", in: "DigitModels.swift")
    page.show("trainPlainly", in: "DigitTraining.swift")
    let epochs = page.quick ? 3 : 10, training = data.training
    func trained(_ name: String, _ images: LabeledImages) throws -> [WholeImageReader] {
      try keptOverSeeds(page, name, title: "the published model") {
        WholeImageReader()
      } train: { model, progress in
        try trainPlainly(model, on: images, epochs: epochs, progress: progress)
      }
    }
    let models = (
      plain: try trained("digits-published", training),
      shuffled: try trained("digits-published-shuffled", scrambled)
    )
    let other = WholeImageReader()
    try other.loadStateDict(models.plain[0].stateDict())
    var changed = 0
    for (name, parameter) in other.namedParameters() where name.contains("weight_hh") {
      parameter.value = .normal(parameter.value.shape, generator: Generator(seed: 4))
      changed += parameter.count
    }
    let some = Tensor(data.test.inputs[0..<100])
    let largest = noGrad { (models.plain[0](some).value - other(some).value).abs().max().item }
    page.print(
      "\(changed) of \(other.parameterCount) weights filled with chance: the scores of 100 images",
      "change by at most \(largest)")
    page.result("digits.published.recurrent_effect", largest)
    return models
  }

  private func rowsOfDigits(
    _ page: Page, _ data: DigitData, _ scrambled: LabeledImages
  ) throws -> BothWays<RowReader> {
    page.prose(
      #"""
      ### Row by row

      Now a sequence: 28 steps, a row each. The LSTM of 128 units has to carry what it has seen to
      the last row. Same epochs and batches, Adam with a rate of $3 \cdot 10^{-3}$.
      """#)
    page.show("RowReader", in: "DigitModels.swift")
    let epochs = page.quick ? 3 : 10
    func trained(_ name: String, _ images: LabeledImages) throws -> [RowReader] {
      try keptOverSeeds(page, name, title: "row by row") {
        RowReader()
      } train: { model, progress in
        try trainPlainly(
          model, on: images, epochs: epochs, learningRate: 0.003, progress: progress)
      }
    }
    return (
      plain: try trained("digits-rows", data.training),
      shuffled: try trained("digits-rows-shuffled", scrambled)
    )
  }

  private func tellShuffling(
    _ page: Page, _ data: DigitData, _ scrambled: LabeledImages,
    _ published: BothWays<WholeImageReader>, _ rows: BothWays<RowReader>
  ) {
    page.prose(
      #"""
      ### Shuffle the pixels

      The test of what a model makes of the order: put the 784 pixels of every image into another
      order, the same for all, and train anew. To the published model that is only another numbering
      of its inputs: exchange the columns of its first matrix in the same way, and it is the same
      function. The reader of rows gets rows in which neighbors have nothing to do with each other.
      """#)
    func accuracies(_ models: [some UnaryLayer], _ images: LabeledImages) -> [Double] {
      models.map { $0.accuracy(on: images) }
    }
    let all = [
      (
        "the published model", "published", accuracies(published.plain, data.test),
        accuracies(published.shuffled, scrambled)
      ),
      (
        "rows, LSTM 128", "rows", accuracies(rows.plain, data.test),
        accuracies(rows.shuffled, scrambled)
      ),
    ]
    func spread(_ numbers: [Double]) -> Double { (numbers.max() ?? 0) - (numbers.min() ?? 0) }
    page.table(
      ["model", "accuracy", "pixels shuffled", "difference", "from best to worst seed"],
      all.map { name, _, plain, shuffled in
        [name]
          + [plain.mean, shuffled.mean, shuffled.mean - plain.mean, spread(plain)].map {
            String(format: "%.4f", $0)
          }
      }, alignments: [.left, .right, .right, .right, .right])
    for (name, key, plain, shuffled) in all {
      page.result("digits.\(key).accuracy", over: plain)
      page.result("digits.\(key).shuffled.accuracy", over: shuffled)
      let apart = abs(plain.mean - shuffled.mean)
      page.print(
        apart <= max(spread(plain), spread(shuffled))
          ? "\(name): shuffling changes no more than another seed does"
          : "\(name): shuffling \(shuffled.mean < plain.mean ? "costs" : "brings")"
            + String(format: " %.1f percentage points, more than seeds differ", 100 * apart))
    }
  }

  private func bestDigits(_ page: Page, _ data: DigitData) throws -> [RowReader] {
    page.prose(
      #"""
      ### The best recipe

      A network that has learned 8,000 images by heart needs more images. A digit that is turned a
      little, shifted, slanted or sized is still the same digit, so every batch changes its images
      by chance, and none comes twice: there is little to learn by heart, even in 40 epochs. The
      learning rate rises to $3 \cdot 10^{-3}$ and falls to nearly nothing (one cycle), the
      gradients' norm is kept to 1, a fifth of the last state is dropped in training. All this was
      chosen on the last 1,000 training images of MNIST, held back from the first 7,000: 98.1 and
      98.3 % of them were right after 40 epochs, 98.2 % after 60, 98.1 % with the mean over all
      states in place of the last. The images that judge were not looked at.
      """#)
    page.show("smallChanges", in: "DigitTraining.swift")
    page.show("trainByBestRecipe", in: "DigitTraining.swift")
    let some = NDArray.stack((0..<16).map { _ in data.training.inputs[0] })
    let changed = smallChanges(some, generator: Generator(seed: 5))
    var figure = Figure("One image, as sixteen batches may see it")
    figure.pictures((0..<16).map { changed[$0].doubles }, width: 28)
    try page.figure(figure, alt: "One image of a digit, changed in sixteen ways")
    let epochs = page.quick ? 5 : 40, training = data.training
    let shares = Mutex<[Double]>([])
    let models = try keptOverSeeds(page, "digits-best", title: "the best recipe") {
      RowReader(dropout: 0.2)
    } train: { model, progress in
      let share = try trainByBestRecipe(model, on: training, epochs: epochs, progress: progress)
      shares.withLock { $0.append(share) }
    }
    let measured = shares.withLock { $0 }
    if !measured.isEmpty {
      let share = measured.mean
      page.print(String(format: "Changing the images took %.0f %% of the time.", 100 * share))
    }
    return models
  }
}

extension UnaryLayer {
  /// The share of images that it recognizes.
  func accuracy(on images: LabeledImages) -> Double {
    Accuracy()(scores(of: images), images.targets)
  }

  /// Scores `[count, 10]`, a few hundred images at a time.
  func scores(of images: LabeledImages) -> NDArray {
    noGrad {
      .concatenate(
        stride(from: 0, to: images.count, by: 500).map {
          self(Tensor(images.inputs[$0..<min($0 + 500, images.count)])).value
        })
    }
  }
}
