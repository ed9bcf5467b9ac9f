import Exporting
import Foundation
import ONNX
import PyTorch
import TestSupport
import Testing

@Suite struct PyTorchTests {
  private let scratch = Scratch()

  /// The class is what one would write by hand.
  @Test func theClassReadsLikeOneWrittenByHand() throws {
    try Classifier(Generator(seed: 1)).exportPyTorch(to: scratch["out"])
    #expect(FileManager.default.fileExists(atPath: scratch["out/model.safetensors"].path))
    let text = try scratch.text("out/model.py")
    #expect(
      text.contains(
        """
        class Classifier(nn.Module):
            def __init__(self):
                super().__init__()
                self.table = nn.Embedding(20, 6, padding_idx=0)
                self.lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True, dropout=0.2, bidirectional=True)
                self.head = nn.Sequential(
                    nn.Dropout(0.3),
                    nn.LayerNorm(10),
                    nn.Linear(10, 3),
                    nn.LogSoftmax(dim=-1),
                )

            def forward(self, ids, lengths):
                \"\"\"ids [batch, time] int64, lengths [batch] int64 -> logits [batch, 3]\"\"\"
                table = self.table(ids)
                lstm = nn.utils.rnn.pack_padded_sequence(
                    table, lengths.cpu(), batch_first=True, enforce_sorted=False)
        """), "\(text)")
  }

  /// A model that is a layer, or a chain of them, is a class of that kind, with the same names.
  @Test func aLayerAlone() throws {
    try Linear(3, 2).exportPyTorch(to: scratch["linear"], input: ["batch", 3])
    let linear = try scratch.text("linear/model.py")
    #expect(
      linear.contains("class Linear(nn.Linear):") && linear.contains("super().__init__(3, 2)"))
    let chain = Sequential(Linear(3, 4), Sequential(Tanh(), Linear(4, 2)))
    try chain.exportPyTorch(to: scratch["chain"], input: ["batch", 3])
    #expect(try scratch.text("chain/model.py").contains("class Model(nn.Sequential):"))
    let saved = try Safetensors(contentsOf: scratch["chain/model.safetensors"]).arrays
    #expect(saved.keys.sorted() == chain.stateDict().keys.sorted())
  }

  @Test func whatHasNoFormIsAnErrorAndLeavesNothing() {
    final class Odd: Module, UnaryLayer {
      func forward(_ input: Tensor) -> Tensor { input }
    }
    final class Stranger: Module, ExportableModel {
      func export(to graph: any ModelGraph) {
        graph.output("y", graph.apply(Linear(2, 2), graph.input("x", ["batch", 2])))
      }
    }
    func refusal(_ export: (URL) throws -> Void) -> String {
      let error = #expect(throws: ExportError.self) { try export(scratch["out"]) }
      #expect(scratch.names.isEmpty)
      return error.map { "\($0)" } ?? "accepted"
    }
    #expect(
      refusal { try Sequential(Linear(2, 2), Odd()).exportPyTorch(to: $0, input: ["batch", 2]) }
        == "exportPyTorch: Odd has no form in PyTorch; make it Exportable")
    #expect(
      refusal { try Linear(2, 2).exportPyTorch(to: $0, input: ["batch", 3]) }
        .hasPrefix("Linear: input "))
    #expect(
      refusal { try Stranger().exportPyTorch(to: $0) }
        == "PyTorchProgram: Linear is no part of Stranger")
    let summed = GRU(
      inputSize: 2, hiddenSize: 3, numLayers: 2, bidirectional: true, merge: .sum)
    let model = Told(summed) { gru, graph in
      graph.output("y", graph.gru(gru, graph.input("x", ["time", "batch", 2])).output)
    }
    #expect(
      refusal { try model.exportPyTorch(to: $0) }
        == "exportPyTorch: PyTorch's GRU concatenates directions between layers; sum has no form there"
    )
    #expect(
      refusal { try Writer(projSize: 3, Generator(seed: 1)).exportONNX(to: $0) }
        == "ONNXGraph: ONNX's LSTM has no projection")
  }

  @Test func aPlaceThatCannotBeWrittenThrows() {
    #expect(throws: ExportError.self) {
      try Linear(2, 2).exportPyTorch(
        to: URL(fileURLWithPath: "/proc/nope"), input: ["batch", 2])
    }
  }

  @Test func whatDoesNotFitByHandStops() async {
    await #expect(processExitsWith: .failure) {
      let model = Linear(3, 2), program = PyTorchProgram(model)
      _ = program.apply(model, program.input("x", ["batch", 4]))
    }
    await #expect(processExitsWith: .failure) { _ = PyTorchProgram(Linear(3, 2)).python }
  }

  /// Two processes go on with the training of an exported model: PyTorch's gradients are the mean of
  /// both halves', so that both have the same weights afterward, and these are not the old ones.
  @Test func twoProcessesTakeTheTrainingOn() throws {
    guard let python = OutsidePython.having("torch, torch.distributed") else { return }
    try Classifier(Generator(seed: 1)).exportPyTorch(to: scratch.url)
    try #"""
    import torch
    import torch.distributed as dist
    from torch.nn.parallel import DistributedDataParallel
    from model import load

    dist.init_process_group("gloo")
    model = DistributedDataParallel(load().train())

    rank = dist.get_rank()
    generator = torch.Generator().manual_seed(rank)
    ids = torch.randint(1, 20, (8, 5), generator=generator)
    labels = torch.randint(0, 3, (8,), generator=generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        torch.nn.functional.nll_loss(model(ids, torch.full((8,), 5)), labels).backward()
        optimizer.step()
    weights = torch.cat([p.detach().flatten() for p in model.parameters()])
    both = [torch.zeros_like(weights) for _ in range(2)]
    dist.all_gather(both, weights)
    assert torch.equal(both[0], both[1])
    before = torch.cat([p.detach().flatten() for p in load().parameters()])
    assert (weights - before).abs().max() > 1e-3
    if rank == 0:
        print(dist.get_world_size(), "processes")
    dist.destroy_process_group()
    """#.write(to: scratch["train.py"], atomically: true, encoding: .utf8)
    let (status, output) = try OutsidePython.run(
      python,
      [
        "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2",
        scratch["train.py"].path,
      ])
    #expect(status == 0 && output.contains("2 processes"), "\(output)")
  }
}
