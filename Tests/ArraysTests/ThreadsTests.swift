import Arrays
import Testing

@Suite(.serialized) struct ThreadsTests {
  @Test func countIsKeptAndAtLeastOne() async {
    let before = Threads.count
    Threads.count = 2
    #expect(Threads.count == 2)
    Threads.count = before
    #expect(Threads.available >= 1)
  }

  @Test func noThreadsAreRefused() async {
    await #expect(processExitsWith: .failure) { Threads.count = 0 }
  }
}
