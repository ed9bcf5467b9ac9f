import CKernels
import Foundation
import MachinePeak

/// A workload timed on all sides, in turns.
struct Measurement: Codable {
  let workload: String
  let threads: Int
  let ours: Double
  /// PyTorch's seconds, and JAX's.
  let peer, jax: Double?
  /// Multiply-add peak of the threads, in operations a second; not in a file.
  let peak: Double
  /// Seconds that the machine's peak leaves for what cannot be done without.
  let floor: Double?

  var ratio: Double? { peer.map { $0 / ours } }
  /// The ratio at that peak: nobody's can be higher here.
  var limit: Double? { peer.flatMap { peer in floor.map { peer / $0 } } }
  /// How near we are to it, from 0 to 1.
  var share: Double? { floor.map { $0 / ours } }
  var jaxRatio: Double? { jax.map { $0 / ours } }

  enum CodingKeys: String, CodingKey {
    case workload, threads
    case ours = "ours_s"
    case peer = "peer_s"
    case floor = "floor_s"
    case ratio, limit
    case share = "share_of_limit"
    case jax = "jax_s"
    case jaxRatio = "jax_ratio"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workload, forKey: .workload)
    try container.encode(threads, forKey: .threads)
    try container.encode(ours, forKey: .ours)
    try container.encodeIfPresent(peer, forKey: .peer)
    try container.encodeIfPresent(ratio, forKey: .ratio)
    try container.encodeIfPresent(floor, forKey: .floor)
    try container.encodeIfPresent(limit, forKey: .limit)
    try container.encodeIfPresent(share, forKey: .share)
    try container.encodeIfPresent(jax, forKey: .jax)
    try container.encodeIfPresent(jaxRatio, forKey: .jaxRatio)
  }

  /// A row of a file that a run before has written.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func seconds(_ key: CodingKeys) throws -> Double? {
      try container.decodeIfPresent(Double.self, forKey: key)
    }
    workload = try container.decode(String.self, forKey: .workload)
    threads = try container.decode(Int.self, forKey: .threads)
    ours = try container.decode(Double.self, forKey: .ours)
    (peer, jax, floor) = (try seconds(.peer), try seconds(.jax), try seconds(.floor))
    peak = 0
  }

  /// Medians over `rounds` rounds. In each, the peak, our steps and the peers' follow one another, so
  /// that a machine that changes its speed changes it for all. A step of seconds has fewer rounds.
  init(_ workload: Workload, threads: Int, rounds: Int, peers: [Library: Peer]) throws {
    ck_set_threads(Int32(threads))
    let step = workload.make()
    for _ in 0..<3 { step() }
    // About a twentieth of a second a turn: long against the clock, short against the machine's moods.
    let one = Self.time(1, step)
    let ourSteps = Self.steps(in: 0.05, one)
    var peerSteps: [Library: Int] = [:], longest = one
    for (library, peer) in peers {
      guard try peer.seconds(workload.name, threads: threads, steps: 2) != nil,
        let seconds = try peer.seconds(workload.name, threads: threads, steps: 2)
      else { continue }
      peerSteps[library] = Self.steps(in: 0.05, seconds)
      longest = max(longest, seconds)
    }
    var peaks: [Double] = [], floors: [Double] = [], ourTimes: [Double] = []
    var peerTimes: [Library: [Double]] = [:]
    for _ in 0..<min(rounds, max(3, Int(15 / longest))) {
      var operations = 0.0
      let seconds = ck_time_multiply_adds(20_000, &operations)
      peaks.append(operations / seconds * Double(threads))
      switch workload.floor {
      case .operations(let count): floors.append(count / peaks.last!)
      case .reading(let numbers, let times):
        floors.append(ck_time_reading(numbers, 200) * Double(times) / Double(threads))
      case nil: break
      }
      ourTimes.append(Self.time(ourSteps, step))
      for (library, steps) in peerSteps {
        if let time = try peers[library]?.seconds(workload.name, threads: threads, steps: steps) {
          peerTimes[library, default: []].append(time)
        }
      }
    }
    self.workload = workload.name
    self.threads = threads
    ours = Self.median(ourTimes)
    peer = peerTimes[.torch].map(Self.median)
    jax = peerTimes[.jax].map(Self.median)
    peak = Self.median(peaks)
    floor = floors.isEmpty ? nil : Self.median(floors)
  }

  static func setThreads(_ count: Int) { ck_set_threads(Int32(count)) }

  private static func steps(in seconds: Double, _ one: Double) -> Int {
    max(1, min(10_000, Int(seconds / one)))
  }

  static func time(_ count: Int, _ step: () -> Void) -> Double {
    let begin = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<count { step() }
    return Double(DispatchTime.now().uptimeNanoseconds - begin) * 1e-9 / Double(count)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted(), middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
