import ThisBook
import Unroll

@main struct RNNFromScratch: Chapter {
  static let book = Book.unroll
  static let number = 2
  static let title = "An RNN from scratch"
  static let summary =
    "One unit slides over the airline passengers: written as its equation, derived by hand, trained, "
    + "judged beside naive forecasts, and pushed to where it fails."
  static let languages = ["zh"]
  static let source: String? = #filePath

  func tell(_ page: Page) throws {
    try foundations(page)
    let (airline, free) = try figures(page)
    let (small, input) = try layer(page)
    try byHand(page, small, reading: input)
    let raw = try losing(page, airline)
    let (guess, forecasts) = try winning(page, airline, free: free)
    try againstTruth(page, airline, free: free, raw: raw, guess: guess, forecasts)
    try carriedState(page)
    try gradients(page)
    try oneLine(page)

    page.prose(
      #"""
      ## Try next

      - `Forecaster(hiddenSize: 8, …)`: 2 units, then 64. What happens to the distance between the two
        loss curves, and to the spread over the seeds?
      - Leave out the seasonal difference in `z`. Which of the free forecasts does the network now
        have to find by itself?
      - `dropout: 0.1` to 0.5, then 0 with a weight decay of 0: when does early stopping come?
      - In `SineToCosine`, segments of 3 points instead of 10: how long must the state remember, and how
        far back does the gradient reach?
      - `clip: 0.5` to 5, then 0.05: when does clipped descent leave the plateau, when does it creep?
      - `--seed 2`, `--seed 3`: which of this chapter's statements still hold?
      """#)
  }
}
