import Unroll

extension Applications {
  func captions(_ page: Page) throws {
    page.prose(
      #"""
      ## Captions
      """#)
  }
}
