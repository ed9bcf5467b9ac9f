import Unroll

extension Applications {
  func translation(_ page: Page) throws {
    page.prose(
      #"""
      ## Translation
      """#)
  }
}
