import Unroll

extension Applications {
  func dna(_ page: Page) throws {
    page.prose(
      #"""
      ## DNA
      """#)
  }
}
