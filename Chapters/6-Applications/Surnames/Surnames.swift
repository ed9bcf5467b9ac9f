import Unroll

extension Applications {
  func surnames(_ page: Page) throws {
    page.prose(
      #"""
      ## Surnames
      """#)
  }
}
