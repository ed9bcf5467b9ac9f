import Unroll

extension Applications {
  func digits(_ page: Page) throws {
    page.prose(
      #"""
      ## Digits
      """#)
  }
}
