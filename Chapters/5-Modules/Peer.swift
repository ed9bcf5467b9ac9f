import Foundation
import Unroll

/// PyTorch in a process of its own, on one thread, that trains the same networks on batches of the
/// same shapes when it is told to: to compare times within one run.
final class Peer {
  private let process = Process()
  private let toPeer = Pipe(), fromPeer = Pipe()

  /// - Parameter python: a Python that has PyTorch.
  init(python: String) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", Self.script]
    process.standardInput = toPeer
    process.standardOutput = fromPeer
    try process.run()
    guard answer() == "ready" else { throw PeerError(python: python) }
  }

  struct PeerError: Error, CustomStringConvertible {
    let python: String
    var description: String { "--peer \(python): this Python cannot import torch" }
  }

  /// Seconds for so many training steps of a network.
  func seconds(_ network: CharacterNetwork, classes: Int, steps: Int) throws -> Double {
    let line = "\(network.rawValue) \(classes) \(steps)\n"
    try toPeer.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    return answer().flatMap(Double.init) ?? .nan
  }

  private func answer() -> String? {
    var line = Data()
    while let byte = try? fromPeer.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8)
    {
      if byte.isEmpty { return nil }
      line += byte
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  deinit {
    try? toPeer.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private static let script = """
    import sys, time, torch
    torch.set_num_threads(1)
    models = {}
    def make(name, classes):
        kind = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU}.get(name, torch.nn.LSTM)
        both = name == "bi_lstm"
        layer = kind(classes, 256, 2 if name in ("deep_lstm", "bi_lstm") else 1, bidirectional=both)
        head = torch.nn.Linear(512 if both else 256, classes)
        parameters = list(layer.parameters()) + list(head.parameters())
        return layer, head, parameters, torch.optim.SGD(parameters, 1.0)
    print("ready", flush=True)
    for line in sys.stdin:
        name, classes, steps = line.split()
        classes = int(classes)
        if name not in models: models[name] = make(name, classes)
        layer, head, parameters, optimizer = models[name]
        ids = torch.randint(classes, (35, 32))
        target = torch.randint(classes, (35 * 32,))
        state = None
        start = time.perf_counter()
        for _ in range(int(steps)):
            optimizer.zero_grad()
            x = torch.nn.functional.one_hot(ids, classes).float()
            y, state = layer(x, state)
            loss = torch.nn.functional.cross_entropy(head(y.reshape(35 * 32, -1)), target)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        print(time.perf_counter() - start, flush=True)
    """
}

/// Training time of a network, ours as a share of the peer's: rounds of few steps in turns, the median.
func timeShare(_ network: CharacterNetwork, classes: Int, of peer: Peer) throws -> Double {
  let steps = 6
  let ids = (0..<(32 * 35 * steps + 33)).map { ($0 * 7919 + $0 / 3) % classes }
  let model = CharacterModel(network, classes: classes)
  var shares: [Double] = []
  for round in 0..<6 {
    let ours = train(model, on: ids, epochs: 1)
    let theirs = try peer.seconds(network, classes: classes, steps: ours.steps)
    // The first round warms both up.
    if round > 0 { shares.append(ours.seconds / theirs) }
  }
  return shares.sorted()[shares.count / 2]
}
