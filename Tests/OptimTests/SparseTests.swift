import Optim
import Testing

/// Steps by gradients of rows. The numbers are PyTorch 2.15's, in Double, with `nn.Embedding(6, 3,
/// sparse=True, padding_idx=2)`.
@Suite struct SparseTests {
  /// Four steps in which the table is used twice each.
  private func trained(sparse: Bool = true, _ make: ([Parameter]) -> Optimizer) -> [Double] {
    let table = Embedding(6, 3, paddingIndex: 2, sparse: sparse, dtype: .float64)
    table.weight.value = NDArray(
      (0..<18).map { Double($0) / 10 - 0.8 }, shape: [6, 3], dtype: .float64)
    let optimizer = make(table.parameters())
    for (step, rows) in [[1, 4, 1], [0, 4, 2], [4, 5, 0], [1, 2, 5]].enumerated() {
      optimizer.zeroGrad()
      let w = NDArray(
        (0..<9).map { Double($0 + 1 + step) / 4 }, shape: [3, 3], dtype: .float64)
      let loss =
        (table(Indices(rows)) * Tensor(w)).sum() + table(Indices([rows[0]])).pow(2).sum()
      loss.backward()
      optimizer.step()
    }
    return table.weight.value.doubles
  }

  private func isClose(_ found: [Double], _ expected: [Double]) -> Bool {
    zip(found, expected).allSatisfy { abs($0 - $1) < 1e-11 } && found.count == expected.count
  }

  @Test func sparseAdam() {
    let found = trained { SparseAdam($0, learningRate: 0.05, betas: (0.8, 0.9), eps: 1e-3) }
    #expect(
      isClose(
        found,
        [
          -0.78043052474, -0.687804240707, -0.593966357981, -0.572826103099, -0.482394012578,
          -0.385290962739, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.250128004903, 0.350048802646,
          0.45006473496, 0.625980998161, 0.725787714521, 0.825651229913,
        ]))
  }

  @Test(arguments: [false, true]) func sgd(sparse: Bool) {
    let plain = trained(sparse: sparse) { SGD($0, learningRate: 0.05) }
    #expect(
      isClose(
        plain,
        [
          -0.8575, -0.7925, -0.7275, -0.545, -0.499, -0.453, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.22125,
          0.27625, 0.33125, 0.5, 0.575, 0.65,
        ]))
    // Rows go on moving by their momentum, as PyTorch's do.
    let moving = trained(sparse: sparse) {
      SGD($0, learningRate: 0.05, momentum: 0.9, dampening: 0.2)
    }
    #expect(
      isClose(
        moving,
        [
          -0.85176, -0.81954, -0.78732, -0.66111, -0.691887, -0.722664, -0.2, -0.1, 0, 0.1, 0.2,
          0.3, -0.00321, -0.0023675, -0.001525, 0.486, 0.557, 0.628,
        ]))
    let nesterov = trained(sparse: sparse) {
      SGD($0, learningRate: 0.05, momentum: 0.9, nesterov: true)
    }
    #expect(
      isClose(
        nesterov,
        [
          -0.91573, -0.9269825, -0.938235, -0.6720845, -0.73529365, -0.7985028, -0.2, -0.1, 0, 0.1,
          0.2, 0.3, -0.16081575, -0.200350625, -0.2398855, 0.25925, 0.301625, 0.344,
        ]))
  }

  /// A large table of which few rows are looked up takes its step by rows unasked: to the bit what it
  /// would be by the same gradient with all rows, clipped or not.
  @Test(arguments: [.float32, .float64] as [DType], [false, true])
  func aLargeTableUnasked(_ dtype: DType, clipped: Bool) {
    var results: [NDArray] = []
    for isDense in [false, true] {
      let table = Embedding(20_001, 15, dtype: dtype, generator: Generator(seed: 4))
      let optimizer = SGD(table.parameters(), learningRate: 0.3)
      let kept = table.weight.value
      for rows: Indices in [[7, 20_000, 7], [11, 7], [0, 19_999]] {
        optimizer.zeroGrad()
        (table(rows) * table(rows)).sum().backward()
        if isDense { table.weight.grad = table.weight.grad! }
        if clipped {
          clipGradValue(table.parameters(), limit: 3)
          if isDense { table.weight.grad!.scale(by: 0.5) } else { halve(table.weight) }
        }
        optimizer.step()
      }
      #expect(table.weight.value[1] == kept[1] && table.weight.value[7] != kept[7])
      results.append(table.weight.value)
    }
    #expect(results[0] == results[1])
  }

  /// Halves a gradient by its norm.
  private func halve(_ weight: Parameter) {
    let norm = clipGradNorm([weight], maxNorm: .infinity)
    clipGradNorm([weight], maxNorm: 0.5 * (norm + 1e-6))
  }

  @Test func clippingByTheNorm() throws {
    let table = Embedding(6, 3, sparse: true)
    table([1, 4, 1]).sum().backward()
    table([1]).sum().backward()
    let norm = clipGradNorm(table.parameters(), maxNorm: 1)
    #expect(abs(norm - 30.squareRoot()) < 1e-6)
    let rows = try #require(table.weight.rowGradient)
    #expect(rows.rows == [1, 4])
    #expect(
      rows.values.isClose(
        to: NDArray([[0.5477, 0.5477, 0.5477], [0.1826, 0.1826, 0.1826]]), absolute: 1e-4))
  }

  /// A step that would write a NaN changes neither the rows nor what is remembered of them.
  @Test func aBadStepChangesNothing() throws {
    let table = Embedding(6, 3, sparse: true)
    let optimizer = SparseAdam(table.parameters(), learningRate: 0.1)
    table([1, 4]).sum().backward()
    optimizer.step()
    let before = table.weight.value, state = optimizer.stateDict()
    optimizer.zeroGrad()
    (table([2, 5]) * Tensor([1, .nan, 1])).sum().backward()
    let error = #expect(throws: NonFiniteStep.self) { try optimizer.checkedStep() }
    #expect("\(error!)".hasSuffix("its gradient has nan at [2, 1]"))
    #expect(table.weight.value == before && optimizer.stateDict() == state)
    optimizer.zeroGrad()
    let plain = SGD(table.parameters(), learningRate: .greatestFiniteMagnitude)
    (table([3]) * 1e30).sum().backward()
    #expect(throws: NonFiniteStep.self) { try plain.checkedStep() }
    #expect(table.weight.value == before)
  }

  @Test func whatIsRefused() async {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let table = Embedding(6, 3, sparse: true)
      table([1]).sum().backward()
      Adam(table.parameters()).step()
    }
    #expect(message(result).contains("Adam: parameter 0, [6, 3], has a sparse gradient"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let table = Embedding(6, 3, sparse: true)
      table([1]).sum().backward()
      SGD(table.parameters(), weightDecay: 0.1).step()
    }
    #expect(message(result).contains("weight decay moves every row"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let table = Embedding(6, 3, sparse: true)
      table([1]).sum().backward()
      RMSprop(table.parameters()).step()
    }
    #expect(message(result).contains("use SGD or SparseAdam"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let table = Embedding(6, 3)
      table([1]).sum().backward()
      SparseAdam(table.parameters()).step()
    }
    #expect(message(result).contains("SparseAdam: the gradient of parameter 0, [6, 3], is not of"))
  }
}
