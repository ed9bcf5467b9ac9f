import Unroll

extension Applications {
  func video(_ page: Page) throws {
    page.prose(
      #"""
      ## Video
      """#)
  }
}
