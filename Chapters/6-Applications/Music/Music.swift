import Unroll

extension Applications {
  func music(_ page: Page) throws {
    page.prose(
      #"""
      ## Music
      """#)
  }
}
