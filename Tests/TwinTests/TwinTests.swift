import CKernels
import Optim
import Testing

/// Every fast twin beside its equation, over shapes, layouts, element types, instruction sets and
/// numbers of threads.
@Suite(.serialized) struct TwinTests {
  static let twins = Twin.elementwise + Twin.reductions + Twin.moves + Twin.layers + Twin.optimizers

  /// A kernel that no twin names, or a twin of a kernel that is none.
  @Test func everyKernelHasATwin() {
    var kernels: Set<String> = []
    while let name = ck_kernel_name(Int32(kernels.count)) { kernels.insert(String(cString: name)) }
    let named = Set(Self.twins.flatMap(\.kernels))
    #expect(kernels.count > 60)
    #expect(kernels.subtracting(named).isEmpty, "kernels without a twin")
    #expect(named.subtracting(kernels).isEmpty, "twins of no kernel")
  }

  /// The instruction sets that this machine has.
  static let instructionSets = [CK_BASE, CK_AVX2, CK_AVX512].filter {
    ck_limit_isa($0)
    defer { ck_limit_isa(CK_AVX512) }
    return ck_isa_in_use() == $0
  }

  @Test(arguments: twins) func twinIsItsEquation(_ twin: Twin) {
    defer {
      ck_limit_isa(CK_AVX512)
      ck_set_threads(1)
    }
    let shapes = [[], [1], [0], [3, 0], [7], [16], [3, 5], [2, 3, 5], [33, 17], [150_001]]
    for shape in twin.isForEveryShape ? shapes : [[]] {
      for dtype in DType.allCases {
        // Long rows are for threads to share.
        for layout in shape.first ?? 0 > 1000 ? [.rowMajor] : Layout.allCases {
          func run(_ isa: ck_isa, threads: Int32) -> [NDArray] {
            ck_limit_isa(isa)
            ck_set_threads(threads)
            let inputs = Inputs(shape, dtype, layout)
            if isa == CK_PLAIN, let plain = twin.plain { return plain(inputs) }
            return twin.results(inputs)
          }
          let plain = run(CK_PLAIN, threads: 1)
          for isa in Self.instructionSets {
            let alone = run(isa, threads: 1)
            guard alone.count == plain.count, zip(alone, plain).allSatisfy(twin.isClose) else {
              let name = String(cString: ck_isa_name())
              let worst = zip(alone, plain).enumerated().first { !twin.isClose($1.0, $1.1) }!
              Issue.record(
                """
                \(twin.name) \(shape) \(dtype) \(layout) \(name), result \(worst.offset): \
                \(worst.element.0) is not \(worst.element.1)
                """)
              return
            }
            for threads in shape.first ?? 7 > 1000 || !twin.isForEveryShape ? [2, 3] : [2] {
              let bits = run(isa, threads: Int32(threads)).map(\.bits)
              #expect(bits == alone.map(\.bits), "\(twin.name), \(threads) threads")
            }
          }
        }
      }
    }
  }

  @Test func theDispatcherObeys() {
    defer { ck_limit_isa(CK_AVX512) }
    for (isa, name) in [(CK_PLAIN, "plain"), (CK_BASE, "base")] {
      ck_limit_isa(isa)
      #expect(ck_isa_in_use() == isa && String(cString: ck_isa_name()) == name)
      #expect(ck_is_plain() == (isa == CK_PLAIN))
    }
  }
}

extension NDArray {
  /// The numbers as they are, NaN and the sign of 0 included.
  fileprivate var bits: [UInt64] { doubles.map(\.bitPattern) }
}
