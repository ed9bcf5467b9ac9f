import Unroll

extension Applications {
  func tagging(_ page: Page) throws {
    page.prose(
      #"""
      ## Tagging
      """#)
  }
}
