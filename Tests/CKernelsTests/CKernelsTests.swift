import CKernels
import Testing

/// The instruction sets that this machine has.
private let instructionSets = [CK_BASE, CK_AVX2, CK_AVX512].filter {
  $0.rawValue <= bestISA.rawValue
}
private let bestISA: ck_isa = {
  ck_limit_isa(CK_AVX512)
  return ck_isa_in_use()
}()

@Suite(.serialized) struct KernelTests {
  /// Every cell, size, direction and option that changes the path taken.
  private static func cases() -> [SequenceCase] {
    var random = SplitMix(state: 1), all: [SequenceCase] = []
    for cell in [CK_RNN_TANH, CK_RNN_RELU, CK_LSTM, CK_GRU] {
      for (input, hidden) in [
        (1, 1), (1, 5), (3, 10), (7, 16), (2, 17), (28, 32), (33, 50), (5, 130),
      ] {
        for packed in [false, true] {
          let batch = [1, 2, 5, 33][Int.random(in: 0..<4, using: &random)]
          var sizes = [Int](repeating: batch, count: Int.random(in: 1...9, using: &random))
          if packed {
            for t in sizes.indices.dropFirst() {
              sizes[t] = Int.random(in: max(1, sizes[t - 1] / 2)...sizes[t - 1], using: &random)
            }
          }
          all.append(
            SequenceCase(
              cell: cell, dtype: .random(using: &random) ? CK_F32 : CK_F64,
              reverse: .random(using: &random), input: input, hidden: hidden, batchSizes: sizes,
              bias: .random(using: &random), initialState: .random(using: &random),
              sparse: .random(using: &random)))
        }
      }
    }
    return all
  }

  private func compare(
    _ got: SequenceCase.Results, _ expected: SequenceCase.Results, _ layer: SequenceCase
  ) {
    for (name, (g, e)) in zip(got.names, zip(got.values, expected.values)) {
      // sums of many terms differ by what rounding does to the largest of them
      let scale = max(1, e.map(abs).max() ?? 0)
      let bound = (layer.dtype == CK_F32 ? 2e-5 : 1e-12) * scale
      let worst = zip(g, e).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= bound && g.count == e.count && !g.contains { $0.isNaN }, "\(layer): \(name)")
    }
  }

  @Test(arguments: instructionSets.map(\.rawValue)) func sequencesEqualThePlainOnes(isa: UInt32) {
    ck_limit_isa(ck_isa(isa))
    defer { ck_limit_isa(bestISA) }
    for layer in Self.cases() {
      let expected = layer.run(plain: true)
      let found = layer.run()
      compare(found, expected, layer)
      compare(layer.run(saving: false), expected, layer)
      var again = layer
      again.checkpointing = true
      #expect(again.run().values == found.values, "computed again: \(layer)")
    }
  }

  @Test func threadsDoNotChangeABit() {
    defer { ck_set_threads(1) }
    // Of 256 hidden units, other than of 130, each thread may do some.
    for (cell, hidden) in [
      (CK_RNN_TANH, 130), (CK_LSTM, 130), (CK_GRU, 130), (CK_RNN_TANH, 256), (CK_LSTM, 256),
      (CK_GRU, 256),
    ] {
      for sizes in [[Int](repeating: 37, count: 9), [40, 40, 31, 22, 8, 3, 1]] {
        let layer = SequenceCase(
          cell: cell, dtype: CK_F32, reverse: sizes[1] == 40, input: 30, hidden: hidden,
          batchSizes: sizes, initialState: cell == CK_GRU, sparse: sizes[1] == 37)
        var again = layer
        again.checkpointing = true
        ck_set_threads(1)
        let alone = layer.run()
        #expect(again.run().values == alone.values, "computed again: \(layer)")
        for threads in [2, 3, 5, 8, 16] {
          ck_set_threads(Int32(threads))
          #expect(layer.run().values == alone.values, "\(threads) threads, \(layer)")
          #expect(again.run().values == alone.values, "\(threads) threads again, \(layer)")
        }
      }
    }
  }

  /// Gates that are nearly 0 or 1: their slopes cannot be told from them, and yet are right.
  @Test(arguments: instructionSets.map(\.rawValue)) func slopesOfSaturatedGates(isa: UInt32) {
    ck_limit_isa(ck_isa(isa))
    defer { ck_limit_isa(bestISA) }
    for cell in [CK_RNN_TANH, CK_LSTM, CK_GRU] {
      let layer = SequenceCase(
        cell: cell, dtype: CK_F32, reverse: false, input: 1, hidden: 37, batchSizes: [1],
        initialState: false, biasScale: 8)
      let found = layer.run(), exact = layer.run(plain: true)
      for (name, (f, e)) in zip(found.names, zip(found.values, exact.values))
      where name.hasPrefix("∂b") {
        for (a, b) in zip(f, e) where b != 0 {
          #expect(abs(a - b) <= 1e-4 * abs(b) + 1e-15, "\(layer): \(name) is \(a), right \(b)")
        }
      }
    }
  }

  /// A sequence of so many steps: the memory of both passes with a margin for what all lengths need.
  private func bytes(steps: Int, checkpointing: Bool, cell: ck_cell = CK_LSTM) -> Int {
    var s = ck_sequence()
    (s.cell, s.dtype, s.input, s.hidden) = (cell, CK_F32, 1, 32)
    (s.steps, s.batch, s.checkpointing) = (steps, 1, checkpointing)
    return ck_sequence_saved_bytes(&s) + ck_sequence_scratch_bytes(&s)
  }

  private func schedule(
    _ cell: ck_cell = CK_LSTM, hidden: Int, batch: Int, steps: Int = 35, threads: Int32
  ) -> ck_schedule {
    var s = ck_sequence()
    (s.cell, s.dtype, s.input, s.hidden) = (cell, CK_F32, 28, hidden)
    (s.steps, s.batch) = (steps, batch)
    return ck_sequence_schedule(&s, threads)
  }

  /// How the steps are shared, in counted work: no core gets fewer than eight sequences where the
  /// hidden units can be shared instead, and what is small is not shared at all.
  @Test func schedules() {
    let one = schedule(hidden: 256, batch: 32, threads: 1)
    #expect(one.groups == 1 && one.members == 1 && one.waits == 0)
    for threads: Int32 in [2, 4, 8, 16] {
      let shared = schedule(hidden: 256, batch: 32, threads: threads)
      #expect(shared.groups * shared.members == threads && shared.sequences >= 8)
      // All threads together read the weights as often as there are groups, not as often as threads.
      #expect(shared.weights_read * Int(shared.members) == one.weights_read)
      #expect(shared.multiply_adds * Double(threads) == one.multiply_adds)
      #expect(shared.waits <= 71)
    }
    let small = schedule(hidden: 32, batch: 1, threads: 16)
    #expect(small.groups == 1 && small.members == 1)
    let series = schedule(CK_GRU, hidden: 5, batch: 1, steps: 99, threads: 2)
    #expect(series.groups == 1 && series.members == 1)
    let single = schedule(hidden: 1024, batch: 1, threads: 8)
    #expect(single.members > 1)
  }

  /// The two directions of a layer, in counted work: at the same time where one alone leaves threads
  /// idle or has them wait for one another, each thread then waiting half as often.
  @Test func schedulesOfDirections() {
    func both(hidden: Int, batch: Int, steps: Int = 35, threads: Int32) -> ck_schedule {
      var s = ck_sequence()
      (s.cell, s.dtype, s.input, s.hidden) = (CK_LSTM, CK_F32, 28, hidden)
      (s.steps, s.batch) = (steps, batch)
      return ck_directions_schedule(&s, threads)
    }
    for threads: Int32 in [1, 2, 4] {
      #expect(both(hidden: 256, batch: 32, threads: threads).directions == 1)
    }
    for threads: Int32 in [8, 16] {
      let one = schedule(hidden: 256, batch: 32, threads: threads)
      let two = both(hidden: 256, batch: 32, threads: threads)
      #expect(two.directions == 2 && two.groups * two.members * 2 == threads)
      #expect(two.multiply_adds == 2 * one.multiply_adds)
      #expect(two.waits <= one.waits)
    }
    let single = both(hidden: 128, batch: 1, threads: 2)
    #expect(single.directions == 2 && single.groups == 1 && single.waits == 0)
    #expect(both(hidden: 8, batch: 1, threads: 16).directions == 1)
  }

  /// Halves share their own work among their own threads, with many more of them than cores.
  @Test func halves() {
    defer { ck_set_threads(1) }
    for threads: Int32 in [1, 2, 3, 8, 18] {
      ck_set_threads(threads)
      let numbers = UnsafeMutablePointer<Int>.allocate(capacity: 2 * 64)
      defer { numbers.deallocate() }
      numbers.initialize(repeating: 0, count: 2 * 64)
      for _ in 0..<20 {
        ck_both(
          { context, half in
            let own = context!.assumingMemoryBound(to: Int.self) + Int(half) * 64
            for _ in 0..<10 {
              ck_parallel(
                ck_threads(),
                { context, part, parts in
                  let own = context!.assumingMemoryBound(to: Int.self)
                  var (first, count) = (0, 0)
                  ck_share(64, 1, part, parts, &first, &count)
                  for place in first..<first + count { own[place] += 1 }
                }, own)
            }
          }, numbers)
      }
      #expect((0..<128).allSatisfy { numbers[$0] == 200 }, "\(threads) threads")
    }
  }

  /// A team's parts see what the others made of the step before, with many more threads than cores.
  @Test func teams() {
    defer { ck_set_threads(1) }
    for threads: Int32 in [1, 4, 18] {
      ck_set_threads(threads)
      let size = 6 * 201
      let numbers = UnsafeMutablePointer<Int>.allocate(capacity: 3 * size)
      defer { numbers.deallocate() }
      numbers.initialize(repeating: 1, count: 3 * size)
      ck_team(
        3, 6, 200,
        { context, group, member, step in
          let of = context!.assumingMemoryBound(to: Int.self) + Int(group) * 6 * 201
          let before = of + step * 6
          of[(step + 1) * 6 + Int(member)] = (0..<6).reduce(Int(member)) { $0 &+ before[$1] }
        }, numbers)
      var row = [Int](repeating: 1, count: 6)
      for _ in 0..<200 {
        let sum = row.reduce(0, &+)
        row = (0..<6).map { sum &+ $0 }
      }
      for group in 0..<3 {
        #expect((0..<6).map { numbers[group * size + 200 * 6 + $0] } == row, "\(threads) threads")
      }
    }
  }

  /// Whether to share is told by what sharing saves in all, not by one worker that was held up.
  @Test func sharingWhileItPays() {
    /// The part of the time in which nothing is shared, and how much longer all takes than alone.
    func part(aloneOf rounds: Int, _ alone: Int64, _ shared: (Int) -> Int64) -> (Double, Double) {
      var balance = ck_balance(), notShared = 0, took: Int64 = 0
      for round in 0..<rounds {
        if balance.alone > 0 {
          balance.alone -= alone
          notShared += 1
          took += alone
        } else {
          ck_balance_shared(&balance, alone, shared(round))
          took += shared(round)
        }
      }
      return (Double(notShared) / Double(rounds), Double(took) / Double(Int64(rounds) * alone))
    }
    // 16 threads of a machine whose host now and then takes a processor away for 4 ms.
    let many = part(aloneOf: 10_000, 200_000) { $0 % 100 == 50 ? 4_000_000 : 15_000 }
    #expect(many.0 == 0 && many.1 < 0.3)
    // Two threads where the second one's core is taken: each round waits for another program's turn.
    let taken = part(aloneOf: 10_000, 200_000) { _ in 4_000_000 }
    #expect(taken.0 > 0.99 && taken.1 < 1.07)
    // It is free again: what was lost before is soon forgotten.
    let free = part(aloneOf: 10_000, 200_000) { $0 < 10 ? 4_000_000 : 110_000 }
    #expect(free.0 < 0.05)
    // A little dearer than alone: no more than a sixteenth of the rounds pays for trying.
    let dearer = part(aloneOf: 10_000, 200_000) { _ in 220_000 }
    #expect(dearer.1 < 1.06)
  }

  /// What is kept grows with the steps; what is only needed meanwhile does not. Without the gates an
  /// LSTM keeps its cells, and a GRU nothing.
  @Test func memoryOfLongSequences() {
    let row = 4 * (4 * 32 + Int(16) + 32)
    for steps in [10_000, 100_000] {
      let plain = bytes(steps: steps, checkpointing: false)
      #expect(plain <= steps * row + 500_000, "\(steps) steps: \(plain) bytes")
      #expect(bytes(steps: steps, checkpointing: true) <= steps * 4 * 32 + 500_000)
      #expect(bytes(steps: steps, checkpointing: true, cell: CK_GRU) <= 500_000)
    }
  }

  /// The way back through a sequence takes time in proportion to its steps: 16 times as many, and
  /// the processor works about as many times as long; if each piece's beginning is searched for, it
  /// works 86 times as long for 16 times the steps.
  @Test func timeIsLinearInTheSteps() {
    func seconds(_ steps: Int) -> Double {
      let layer = SequenceCase(
        cell: CK_RNN_TANH, dtype: CK_F32, reverse: false, input: 1, hidden: 1,
        batchSizes: Array(repeating: 1, count: steps), initialState: false)
      return layer.run().seconds
    }
    let short = (0..<3).map { _ in seconds(25_000) }.min()!
    let long = (0..<3).map { _ in seconds(400_000) }.min()!
    #expect(long < 16 * 2 * short, "\(long) s for 400,000 steps, \(short) s for 25,000")
  }

  /// A hundred thousand rows, whose gradients add up to the weights'.
  @Test func gradientsOfLongSequences() {
    defer { ck_set_threads(1) }
    for (cell, sparse) in [(CK_LSTM, false), (CK_GRU, true)] {
      var layer = SequenceCase(
        cell: cell, dtype: CK_F32, reverse: false, input: sparse ? 11 : 3, hidden: 8,
        batchSizes: Array(repeating: 64, count: 2000), initialState: false, sparse: sparse,
        outward: 1)
      let found = layer.run()
      ck_set_threads(2)
      #expect(layer.run().values == found.values)
      layer.dtype = CK_F64
      let exact = layer.run()
      for (name, (f, e)) in zip(found.names, zip(found.values, exact.values))
      where name.hasPrefix("∂w") || name.hasPrefix("∂b") {
        let distance = zip(f, e).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let size = e.reduce(0) { $0 + $1 * $1 }
        #expect((distance / size).squareRoot() < 1e-6, "\(cell.rawValue): \(name)")
      }
    }
  }

  /// Sums of a hundred thousand equal products.
  @Test(arguments: instructionSets.map(\.rawValue)) func longProducts(isa: UInt32) {
    ck_limit_isa(ck_isa(isa))
    defer { ck_limit_isa(bestISA) }
    let k = 100_000
    for (m, n) in [(1, 1), (1, 20), (2, 9), (3, 5), (8, 8), (13, 33), (33, 7)] {
      let a = [Float](repeating: 0.3, count: m * k), b = [Float](repeating: 0.7, count: k * n)
      let exact = Double(Float(0.3)) * Double(Float(0.7)) * Double(k)
      for (ta, tb) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        var c = [Float](repeating: .nan, count: m * n), shared = c
        for threads in [1, 3] {
          ck_set_threads(Int32(threads))
          ck_gemm(
            CK_F32, Int32(ta), Int32(tb), m, n, k, a, ta == 1 ? m : k, b, tb == 1 ? k : n, 0,
            &shared, n)
          if threads == 1 { c = shared }
        }
        ck_set_threads(1)
        #expect(shared == c)
        #expect(c.allSatisfy { abs(Double($0) - exact) <= 1e-6 * exact }, "\(m) × \(n) \(ta)\(tb)")
      }
    }
  }

  @Test(arguments: instructionSets.map(\.rawValue)) func productsEqualThePlainLoop(isa: UInt32) {
    ck_limit_isa(ck_isa(isa))
    defer {
      ck_limit_isa(bestISA)
      ck_set_threads(1)
    }
    let shapes = [
      (1, 1, 1), (3, 5, 0), (1, 40, 30), (17, 33, 9), (5, 700, 300), (13, 130, 600), (150, 90, 260),
      (200, 200, 130), (90, 3, 5000),
    ]
    for (m, n, k) in shapes {
      for transposed in 0..<4 {
        ck_set_threads(Int32(1 + transposed % 2))
        product(
          m, n, k, transposed & 1 != 0, transposed & 2 != 0, accumulate: (m + transposed) % 2 == 0)
      }
    }
  }

  private func product(_ m: Int, _ n: Int, _ k: Int, _ ta: Bool, _ tb: Bool, accumulate: Bool) {
    var random = SplitMix(state: UInt64(m * n + k))
    func numbers(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
    }
    let lda = (ta ? m : k) + 1, ldb = (tb ? k : n) + 2, ldc = n + 1
    let a = numbers((ta ? k : m) * lda), b = numbers((tb ? n : k) * ldb)
    let before = accumulate ? numbers(m * ldc) : [Float](repeating: .nan, count: m * ldc)
    var c = before, d = before.map(Double.init)
    ck_gemm(CK_F32, ta ? 1 : 0, tb ? 1 : 0, m, n, k, a, lda, b, ldb, accumulate ? 1 : 0, &c, ldc)
    let a64 = a.map(Double.init), b64 = b.map(Double.init)
    var e = d
    ck_gemm(
      CK_F64, ta ? 1 : 0, tb ? 1 : 0, m, n, k, a64, lda, b64, ldb, accumulate ? 1 : 0, &e, ldc)
    for i in 0..<m {
      for j in 0..<n {
        var sum = accumulate ? d[i * ldc + j] : 0
        for l in 0..<k {
          sum += a64[ta ? l * lda + i : i * lda + l] * b64[tb ? j * ldb + l : l * ldb + j]
        }
        d[i * ldc + j] = sum
      }
    }
    let scale = Double(max(k, 1)).squareRoot()
    let places = (0..<m).flatMap { i in (0..<n).map { i * ldc + $0 } }
    let worst32 = places.map { abs(Double(c[$0]) - d[$0]) }.max()!
    let worst64 = places.map { abs(e[$0] - d[$0]) }.max()!
    let name = "\(m)×\(k)×\(n) \(ta ? "T" : "N")\(tb ? "T" : "N")"
    #expect(worst32 < 3e-6 * scale && worst64 < 3e-15 * scale, "\(name): \(worst32), \(worst64)")
    let between = (0..<m).map { $0 * ldc + n }  // what lies between the rows is left alone
    #expect(between.allSatisfy { c[$0].bitPattern == before[$0].bitPattern }, "\(name)")
  }
}
