import Unroll

extension Applications {
  func speech(_ page: Page) throws {
    page.prose(
      #"""
      ## Speech
      """#)
  }
}
