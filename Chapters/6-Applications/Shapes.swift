import Unroll

extension Applications {
  func shapes(_ page: Page) throws {
    page.prose(
      #"""
      ## Five shapes
      """#)
  }
}
