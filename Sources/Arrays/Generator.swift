import Foundation
import Synchronization

/// A source of random numbers with a seed: the same seed gives the same numbers on every run and
/// every machine. Passed to whatever draws; `Generator.default` serves where none is passed.
///
/// A run that goes on beside others draws from a generator of its own, be it passed or the default of
/// its task, and then gives the numbers that it gives alone:
///
///     await withTaskGroup { group in
///       for seed in seeds {
///         group.addTask { Generator.withDefault(seed: seed) { train() } }
///       }
///     }
///
/// The numbers are those of xoshiro256** (Blackman & Vigna 2018), its state filled from the seed by
/// SplitMix64, as its authors advise.
public final class Generator: RandomNumberGenerator, Sendable {
  /// The generator used where none is passed: inside `withDefault` that task's own, elsewhere one for
  /// the whole process. `Generator.default.seed(7)` makes a run repeatable; of several runs at once
  /// each needs its own (`withDefault`), since whoever draws first would get the first number.
  public static var `default`: Generator { own ?? shared }

  private static let shared = Generator(seed: 0)
  @TaskLocal private static var own: Generator?

  /// Runs `body` with a new generator as the default, in this task and those that it starts.
  public static func withDefault<R>(seed: UInt64, _ body: () throws -> R) rethrows -> R {
    try $own.withValue(Generator(seed: seed), operation: body)
  }

  /// Runs `body` with a new generator as the default, in this task and those that it starts.
  public static func withDefault<R>(
    seed: UInt64, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    try await $own.withValue(Generator(seed: seed), operation: body)
  }

  private let state: Mutex<Xoshiro>

  /// The same seed gives the same numbers on every machine.
  public init(seed: UInt64) { state = Mutex(Xoshiro(seed: seed)) }

  /// Starts again from a seed.
  public func seed(_ seed: UInt64) { state.withLock { $0 = Xoshiro(seed: seed) } }

  public func next() -> UInt64 { state.withLock { $0.next() } }

  /// Evenly from [0, 1), with 53 random bits.
  public func uniform() -> Double { state.withLock { $0.uniform() } }

  /// From the normal distribution with mean 0 and standard deviation 1.
  public func normal() -> Double { state.withLock { $0.normal() } }

  /// 0 ..< `count` in random order.
  public func permutation(_ count: Int) -> [Int] {
    var rng = self
    return (0..<count).shuffled(using: &rng)
  }

  /// All that decides which numbers come next: what a checkpoint keeps to go on with the same bits.
  public var savedState: [UInt64] {
    get { state.withLock { $0.saved } }
    set { state.withLock { $0 = Xoshiro(saved: newValue) } }
  }

  /// Whether numbers, which come from a file, can be a `savedState`.
  package static func canResume(_ saved: [UInt64]) -> Bool { Xoshiro.canResume(saved) }

  /// `count` numbers, the lock taken once.
  package func draw(_ count: Int, _ body: (inout Xoshiro) -> Double) -> [Double] {
    state.withLock { rng in
      var values = [Double](repeating: 0, count: count)
      for i in values.indices { values[i] = body(&rng) }
      return values
    }
  }
}

package struct Xoshiro {
  private var s0, s1, s2, s3: UInt64
  /// Normal numbers come in pairs; the second waits here.
  private var spare: Double?

  init(seed: UInt64) {
    var x = seed
    func split() -> UInt64 {
      x &+= 0x9E37_79B9_7F4A_7C15
      var z = x
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    (s0, s1, s2, s3) = (split(), split(), split(), split())
  }

  /// Whether a generator can go on from these: six numbers, of which the first four are not all 0,
  /// which would draw 0 for ever; and after a 1 a normal number.
  static func canResume(_ saved: [UInt64]) -> Bool {
    saved.count == 6 && saved[..<4].contains { $0 != 0 } && saved[4] <= 1
      && (saved[4] == 0 || Double(bitPattern: saved[5]).isFinite)
  }

  init(saved: [UInt64]) {
    guard Xoshiro.canResume(saved) else {
      wrongUse("Generator: \(saved) is no saved state")
    }
    guard saved[..<4].contains(where: { $0 != 0 }) else {
      wrongUse("Generator: a saved state of zeros, from which no other number follows")
    }
    (s0, s1, s2, s3) = (saved[0], saved[1], saved[2], saved[3])
    spare = saved[4] == 1 ? Double(bitPattern: saved[5]) : nil
  }

  var saved: [UInt64] { [s0, s1, s2, s3, spare == nil ? 0 : 1, spare?.bitPattern ?? 0] }

  mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotate(s3, 45)
    return result
  }

  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Box & Muller's transform (1958).
  package mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let radius = (-2 * Foundation.log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * Foundation.sin(angle)
    return radius * Foundation.cos(angle)
  }
}
