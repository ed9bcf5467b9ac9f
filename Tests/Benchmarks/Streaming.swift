import Arrays
import CKernels
import Foundation
import MachinePeak

/// A function of arrays far larger than the caches, beside the time in which the machine reads its
/// operands and writes its result: a plain loop over arrays of the same size, in the same round.
struct Streaming: Sendable {
  let name: String
  /// 1 or 2 arrays are read.
  let operands: Int
  let body: @Sendable (NDArray, NDArray) -> NDArray

  /// Names a row of this kind, for each element type.
  static let prefix = "elementwise_"
  /// How many times the plain loop's time is to be enough.
  static let goal = 1.5
  static let bytes = 64 << 20

  static let all: [Streaming] = [
    .init("neg") { -$0 }, .init("abs") { $0.abs() }, .init("relu") { $0.relu() },
    .init("floor") { $0.floor() }, .init("sqrt") { $0.sqrt() }, .init("scale") { $0 * 2.5 },
    .init("square") { $0.pow(2) }, .init("clamp") { $0.clamped(0.5, 2) },
    .init("exp") { $0.exp() }, .init("expm1") { $0.expm1() }, .init("log") { $0.log() },
    .init("log1p") { $0.log1p() }, .init("sin") { $0.sin() }, .init("cos") { $0.cos() },
    .init("tanh") { $0.tanh() }, .init("sigmoid") { $0.sigmoid() },
    .init("softplus") { $0.softplus() },
    .init("add", with: +), .init("sub", with: -), .init("mul", with: *), .init("div", with: /),
    .init("less", with: .<), .init("maximum") { $0.maximum($1) }, .init("pow") { $0.pow($1) },
  ]

  private init(_ name: String, _ body: @escaping @Sendable (NDArray) -> NDArray) {
    (self.name, operands, self.body) = (name, 1, { x, _ in body(x) })
  }
  private init(_ name: String, with body: @escaping @Sendable (NDArray, NDArray) -> NDArray) {
    (self.name, operands, self.body) = (name, 2, body)
  }

  func rowName(_ dtype: DType) -> String { "\(Self.prefix)\(name)_\(dtype)" }

  /// What one function took, as a row beside those of the training steps; there is no peer.
  struct Row: Encodable {
    let workload: String
    let threads: Int
    let ours: Double
    let bandwidth: Double
    let times: Double

    enum CodingKeys: String, CodingKey {
      case workload, threads
      case ours = "ours_s"
      case peer = "peer_s"
      case ratio
      case bandwidth = "bandwidth_s"
      case times = "times_bandwidth"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(workload, forKey: .workload)
      try container.encode(threads, forKey: .threads)
      try container.encode(ours, forKey: .ours)
      try container.encodeNil(forKey: .peer)
      try container.encodeNil(forKey: .ratio)
      try container.encode(bandwidth, forKey: .bandwidth)
      try container.encode(times, forKey: .times)
    }
  }

  /// Medians over `rounds` rounds; of the quotient, too, so that a round in which the machine was slow
  /// for both counts like any other.
  func measure(_ dtype: DType, threads: Int, rounds: Int) -> Row {
    ck_set_threads(Int32(threads))
    let shape = [Self.bytes / (dtype == .float32 ? 4 : 8)]
    let generator = Generator(seed: 1)
    let a = NDArray.uniform(shape, in: 0.1...4, dtype: dtype, generator: generator)
    let b = NDArray.uniform(shape, in: 0.1...4, dtype: dtype, generator: generator)
    var out = NDArray.zeros(shape, dtype: dtype)
    _ = body(a, b)
    var ours: [Double] = [], bandwidth: [Double] = []
    for _ in 0..<rounds {
      bandwidth.append(
        a.withUnsafeBytes { a in
          b.withUnsafeBytes { b in
            out.withUnsafeMutableBytes { out in
              ck_time_streaming(
                Self.bytes, a.baseAddress, operands == 2 ? b.baseAddress : nil, out.baseAddress)
            }
          }
        })
      ours.append(Measurement.time(1) { _ = body(a, b) })
    }
    return Row(
      workload: rowName(dtype), threads: threads, ours: Measurement.median(ours),
      bandwidth: Measurement.median(bandwidth),
      times: Measurement.median(zip(ours, bandwidth).map { $0 / $1 }))
  }
}
