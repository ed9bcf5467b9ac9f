import Unroll

extension Applications {
  func writing(_ page: Page) throws {
    page.prose(
      #"""
      ## Writing
      """#)
  }
}
