import Foundation

/// PyTorch in a process of its own, on one thread, that trains the same networks on batches of the
/// same shapes when it is told to: to compare times within one run.
package final class PyTorchPeer {
  private let process = Process()
  private let toPeer = Pipe(), fromPeer = Pipe()
  private let python: String
  /// The version that answers.
  package private(set) var version = ""

  /// - Parameter python: a Python that has PyTorch.
  package init(python: String) throws {
    self.python = python
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", Self.script]
    process.standardInput = toPeer
    process.standardOutput = fromPeer
    // What went wrong is said in one line here, not in a Python traceback.
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard let version = answer() else {
      throw PeerError(python: python, problem: "there is no Python there that can import torch")
    }
    self.version = version
  }

  package struct PeerError: Error, CustomStringConvertible {
    let python, problem: String
    package var description: String { "--peer \(python): \(problem)" }
  }

  /// Seconds for so many training steps of a network.
  package func seconds(_ network: CharacterNetwork, classes: Int, steps: Int) throws -> Double {
    let line = "\(network.rawValue) \(classes) \(steps)\n"
    guard withoutBrokenPipe({ try toPeer.fileHandleForWriting.write(contentsOf: Data(line.utf8)) }),
      let answer = answer()
    else { throw PeerError(python: python, problem: "it ended in the middle of \(network.title)") }
    guard let seconds = Double(answer), seconds > 0 else {
      throw PeerError(python: python, problem: "for \(network.title) it answers \(answer)")
    }
    return seconds
  }

  /// Whether the writing succeeds. A peer that has gone shows as an error, not as the signal that
  /// ends a program.
  private func withoutBrokenPipe(_ write: () throws -> Void) -> Bool {
    var pipe = sigset_t(), before = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    if (try? write()) != nil { return true }
    // The signal is pending: it is taken away before it can strike.
    var now = timespec()
    sigtimedwait(&pipe, nil, &now)
    return false
  }

  private func answer() -> String? {
    var line = Data()
    while let byte = try? fromPeer.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
      if byte == Data("\n".utf8) { return String(decoding: line, as: UTF8.self) }
      line += byte
    }
    return nil
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
    print(torch.__version__, flush=True)
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
