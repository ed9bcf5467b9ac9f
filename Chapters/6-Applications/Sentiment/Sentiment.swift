import Unroll

extension Applications {
  func sentiment(_ page: Page) throws {
    page.prose(
      #"""
      ## Sentiment
      """#)
  }
}
