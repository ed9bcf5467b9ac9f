import ArgumentParser
import Drawing
import Unroll

/// A chapter of another book, told with unroll's means.
@main struct OwnChapter: Chapter {
  static let number = 1
  static let title = "spread"
  static let summary = "What a mean hides."
  static let book = Book(name: "statistics", title: "Statistics, told", programs: ["own-chapter"])

  @Option(help: "How many numbers.") var count = 9

  func tell(_ page: Page) throws {
    page.prose(
      #"""
      ## The mean

      Of $n$ numbers, $\bar x = \frac{1}{n} \sum_i x_i$.
      """#)
    let numbers = (1...count).map { Double($0 * $0) }
    page.result("mean", mean(numbers))

    page.prose(
      #"""
      ## And what it hides
      """#)
    page.show("mean")
    var figure = Figure("Spread", y: "number")
    figure.box(x: 1, numbers, label: "squares")
    figure.x.ticks = .none
    figure.commands.append("set border 15")
    try page.interactive(Interactive(oneByOne, data: ["numbers": numbers], fallback: figure))
  }
}

/// In the page the numbers are looked at one by one.
let oneByOne = Interactive.Component(
  "one-by-one",
  script: #"""
    unroll.component("one-by-one", (stage) => {
      const {numbers} = stage.data;
      const place = stage.slider({label: "number", max: numbers.length - 1});
      stage.onUpdate(() => stage.say(`The number is ${numbers[place.value]}.`));
    });
    """#)

func mean(_ numbers: [Double]) -> Double {
  numbers.reduce(0, +) / Double(numbers.count)
}
