import MachinePeak
import Unroll

/// The time of one training step: ours, the peer's, and what its multiply-adds alone would take at
/// the processor's peak, which nothing can be faster than.
struct StepTime {
  let network: CharacterNetwork
  var ours = 0.0, peer = 0.0, limit = 0.0
}

/// Rounds of one pass over a short text, six steps: ours, the peer's and the peak's measurement
/// take turns, so that a machine that changes its speed changes it for all three; the medians
/// count. All run on one thread.
func stepTime(
  _ network: CharacterNetwork, classes: Int, peer: PyTorchPeer, rounds: Int
) throws -> StepTime {
  let threads = Threads.count
  Threads.count = 1
  defer { Threads.count = threads }
  let steps = 6
  let ids = (0..<(32 * 35 * steps + 33)).map { ($0 * 7919 + $0 / 3) % classes }
  let model = CharacterModel(network, classes: classes)
  var ours: [Double] = [], theirs: [Double] = [], peaks: [Double] = []
  func turn(_ isOurs: Bool) throws {
    if isOurs {
      ours.append(train(model, on: ids, epochs: 1).seconds / Double(steps))
    } else {
      theirs.append(try peer.seconds(network, classes: classes, steps: steps) / Double(steps))
    }
  }
  // The first round warms both up.
  for round in 0...rounds {
    try turn(round % 2 == 0)
    var operations = 0.0
    let seconds = ck_time_multiply_adds(20_000, &operations)
    peaks.append(operations / seconds)
    try turn(round % 2 != 0)
  }
  func median(_ values: [Double]) -> Double {
    values.dropFirst().sorted()[rounds / 2]
  }
  let operations = Double(trainingOperations(network, classes: classes))
  return StepTime(
    network: network, ours: median(ours), peer: median(theirs), limit: operations / median(peaks))
}

/// Multiplications and additions of a training step's matrix products, for 32 stretches of 35:
/// forward, and backward once for the weights and once for what lies below. A one-hot input needs no
/// product: it picks a column.
package func trainingOperations(
  _ network: CharacterNetwork, classes: Int, hiddenSize: Int = 256
) -> Int {
  let gates = network == .rnn ? 1 : network == .gru ? 3 : 4
  let layers = network == .deepLSTM || network == .bidirectionalLSTM ? 2 : 1
  let directions = network == .bidirectionalLSTM ? 2 : 1
  let rows = 35 * 32, width = directions * hiddenSize
  var products = 3 * width * classes
  for layer in 0..<layers {
    let input = layer == 0 ? 0 : 3 * width
    products += directions * gates * hiddenSize * (3 * hiddenSize + input)
  }
  return 2 * rows * products
}

extension Modules {
  /// The character models' time beside PyTorch's.
  func timing(_ page: Page, _ peer: PyTorchPeer, classes: Int) throws {
    page.prose(
      #"""
      ## In whose time

      What a training step takes here and in PyTorch, both on one thread. Not the whole 500 epochs:
      a sample of steps, in turns within this run, and the medians; 500 epochs are 4,000 such steps
      for every network. The last columns are the limit: what the multiplications and additions of
      the matrix products alone would take at the highest speed that this processor was measured to
      multiply and add at, between the same turns.
      """#)
    page.show("stepTime", in: "PeerTiming.swift")
    let networks = CharacterNetwork.allCases
    var times: [StepTime] = []
    for (k, network) in networks.enumerated() {
      page.progress("timing", k, of: networks.count)
      times.append(
        try stepTime(network, classes: classes, peer: peer, rounds: page.quick ? 2 : 14))
    }
    func sum(_ part: (StepTime) -> Double) -> Double { times.map(part).reduce(0, +) }
    let total = (sum(\.ours), sum(\.peer), sum(\.limit))
    let rows =
      times.map { ($0.network.title, ($0.ours, $0.peer, $0.limit)) } + [("all five", total)]
    page.table(
      [
        "network", "ours, ms", "PyTorch \(peer.version), ms", "ours / PyTorch", "limit, ms",
        "limit / PyTorch",
      ],
      rows.map { name, time in
        [name, time.0 * 1000, time.1 * 1000, time.0 / time.1, time.2 * 1000, time.2 / time.1]
      }, digits: 3)
    for time in times {
      page.result("charlm.\(time.network.rawValue).time_to_peer", time.ours / time.peer)
      page.result("charlm.\(time.network.rawValue).limit_to_peer", time.limit / time.peer)
    }
    page.result("charlm.all.time_to_peer", total.0 / total.1)
    page.result("charlm.all.limit_to_peer", total.2 / total.1)
  }
}
