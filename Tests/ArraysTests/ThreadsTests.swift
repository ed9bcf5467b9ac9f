import Arrays
import CKernels
import Foundation
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

  /// In processes of their own: the environment is everyone's.
  @Test func theEnvironmentSaysHowMany() async {
    await #expect(processExitsWith: .success) {
      unsetenv("UNROLL_THREADS")
      unsetenv("OMP_NUM_THREADS")
      exit(Threads.count == min(Threads.available, 64) ? 0 : 1)
    }
    await #expect(processExitsWith: .success) {
      setenv("OMP_NUM_THREADS", "3,2", 1)
      unsetenv("UNROLL_THREADS")
      exit(Threads.count == 3 ? 0 : 1)
    }
    await #expect(processExitsWith: .success) {
      setenv("OMP_NUM_THREADS", "3", 1)
      setenv("UNROLL_THREADS", "5", 1)
      exit(Threads.count == 5 ? 0 : 1)
    }
    await #expect(processExitsWith: .success) {
      setenv("UNROLL_THREADS", "1000", 1)
      exit(Threads.count == 64 ? 0 : 1)
    }
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      unsetenv("OMP_NUM_THREADS")
      setenv("UNROLL_THREADS", "many", 1)
      exit(Threads.count == min(Threads.available, 64) ? 0 : 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("UNROLL_THREADS 'many' is no number of threads"))
  }

  #if os(Linux)
    /// A process that is kept on one core has one.
    @Test func theAffinityMaskCounts() async {
      await #expect(processExitsWith: .success) {
        typealias Call = @convention(c) (Int32, Int, UnsafeMutableRawPointer) -> Int32
        func call(_ name: String) -> Call { unsafeBitCast(dlsym(nil, name), to: Call.self) }
        var mask = [UInt64](repeating: 0, count: 128)
        guard call("sched_getaffinity")(0, 1024, &mask) > 0 || mask.contains(where: { $0 != 0 })
        else { exit(0) }
        let word = mask.firstIndex { $0 != 0 }!, bits = mask[word]
        mask = mask.indices.map { $0 == word ? bits & (0 &- bits) : 0 }
        guard call("sched_setaffinity")(0, 1024, &mask) == 0 else { exit(0) }
        exit(Threads.available == 1 ? 0 : 1)
      }
    }
  #endif

  /// The rule by which small work is not shared: no thread for less than its share.
  @Test func whatIsSmallIsNotShared() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 8
      let least = Double(ck_share_ns)
      let found = [0, 1, 1.9, 2, 3.5, 8, 1e6].map { ck_threads_for(least * $0) }
      Threads.count = 1
      exit(found == [1, 1, 1, 2, 3, 8, 8] && ck_threads_for(1e12) == 1 ? 0 : 1)
    }
  }
}
