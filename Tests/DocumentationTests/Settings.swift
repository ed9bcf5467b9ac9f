extension DocExamplesTests {
  /// What an example takes for granted, by the file that it stands in.
  static let settings = [
    "README.md": "let target: Tensor = given()",
    "Sources/Arrays/Generator.swift": "let seeds: [UInt64] = []; @Sendable func train() {}",
    "Sources/Arrays/NameTable.swift": "let weight: NDArray = given(), bias: NDArray = given()",
    "Sources/Autograd/CTCLoss.swift":
      "let logits: Tensor = given(), labels: Indices = given(), steps = [9], n = [3]",
    "Sources/Autograd/Einsum.swift": """
    let queries: Tensor = given(), keys: Tensor = given()
    let x: Tensor = given(), a: Tensor = given(), b: Tensor = given()
    """,
    "Sources/Autograd/GradientCheck.swift": "let x: NDArray = given(), model = Linear(2, 3)",
    "Sources/Figures/Animation.swift":
      "let folder: URL = given(), x: [Double] = [], y: [Double] = []",
    "Sources/Figures/Figures.docc/Gallery.md": "let folder: URL = given()",
    "Sources/Figures/Diagram.swift": "let folder: URL = given()",
    "Sources/Figures/Figure+MapTexts.swift": "let training: [Double] = []",
    "Sources/Figures/Mark.swift": "let days: [Double] = [], counts: [Double] = []",
    "Sources/Figures/Figure.swift":
      "let folder: URL = given(), training: [Double] = [], validation: [Double] = []",
    "Sources/Forecasting/Choosing/Forecaster.swift": "let passengers: [Double] = []",
    "Sources/Forecasting/Reading/SeriesFile.swift": "let url: URL = given()",
    "Sources/Notebook/Running/Page+Claims.swift":
      "let page: Page = given(), lstm = 0.001, rnn = 0.2",
    "Sources/Notebook/Running/Interactive.swift":
      "let page: Page = given(), run = [1], figure: Figure = given()",
    "Sources/Exporting/PageModel.swift": """
    final class Reader: Module {
      let lstm = LSTM(inputSize: 28, hiddenSize: 8, batchFirst: true)
      let output = Linear(8, 10)
    }
    let classifier: NextCharacterNetwork = given(), reader = Reader()
    """,
    "Sources/Notebook/Running/Page+Predictions.swift":
      "let page: Page = given(); func measured() -> Double { 2 }",
    "Sources/NN/Init.swift": "let layer = Linear(2, 3)",
    "Sources/NN/Decoding/BeamSearch.swift":
      "let state: Tensor = given(); func decoder(_: Int, _: Tensor) -> (Tensor, Tensor) { given() }",
    "Sources/NN/Decoding/Sampling.swift":
      "let logits: [Double] = [], generator = Generator(seed: 1)",
    "Sources/NN/Weights/Safetensors.swift": """
    final class Model: Module { let encoder = Linear(2, 3) }
    let model = Model(), url: URL = given()
    """,
    "Sources/NN/Weights/StateDict.swift": "let model = Linear(2, 3), state: StateDict = given()",
    "Sources/NN/Recurrent/GRU.swift": "let input: Tensor = given()",
    "Sources/NN/Recurrent/LSTM.swift": "let input: Tensor = given()",
    "Sources/NN/Recurrent/RNN.swift": "let input: Tensor = given()",
    "Sources/NN/Recurrent/Stepper.swift": """
    let lstm = LSTM(inputSize: 28, hiddenSize: 8), head = Linear(8, 28), start: Indices = given()
    """,
    "Sources/NN/Recurrent/Recurrent.swift": "let input: Tensor = given()",
    "Sources/NN/Recurrent/RecurrentLayer.swift": """
    final class MinimalCell: CellWeights, RecurrentCell {
      init(inputSize: Int, hiddenSize: Int) {
        super.init(gates: 1, inputSize: inputSize, hiddenSize: hiddenSize)
      }
      var stateSizes: [Int] { [hiddenSize] }
      func step(_ x: Tensor, _ state: [Tensor], time: Int, below: [Tensor]?) -> [Tensor] { state }
    }
    """,
    "Sources/Arrays/Views.swift": "var dx: NDArray = given(); let dy: NDArray = given()",
    "Sources/Optim/Optimizer.swift":
      """
    let model = Linear(2, 3), batches: [(input: Tensor, target: Tensor)] = []
    let encoder = Linear(2, 3), head = Linear(3, 1)
    """,
    "Sources/Optim/Schedules/Schedules.swift": "let optimizer: Adam = given()",
    "Sources/TextModels/Classifying/TextNetworks.swift":
      "let letters: LabeledTexts = given(), file: URL = given()",
    "Sources/TextModels/Writing/CharacterText.swift": "let file: URL = given()",
    "Sources/TextModels/Writing/Composer.swift":
      "let network: NextCharacterNetwork = given(), vocabulary: Vocabulary = given()",
    "Sources/TextModels/Writing/TextWriter.swift":
      "let file: URL = given(), saved: URL = given()",
    "Sources/TextModels/Writing/WriterTrainer.swift":
      "let text: CharacterText = given(), file: URL = given()",
    "Sources/TextModels/Classifying/TextClassifier.swift":
      "let letters: LabeledTexts = given(), heldOut: LabeledTexts = given()",
    "Sources/Training/Baselines/LinearAutoregression.swift": "let series: [Double] = []",
    "Sources/Training/Callbacks/LearningRateScheduler.swift": "let optimizer: Adam = given()",
    "Sources/Training/Saving/SavedModel.swift": "let file: URL = given()",
    "Sources/Sequences/CSV/CSVReader.swift": "let file: URL = given()",
    "Sources/Sequences/CSV/TimeSeriesCSV.swift": "let file: URL = given()",
    "Sources/Datasets/DataFolder.swift": "let page: Page = given()",
    "Sources/Sequences/Images/RandomAffine.swift":
      "let images: NDArray = given(), generator = Generator(seed: 1)",
    "Sources/Sequences/Loading/DataLoader.swift": "let windows: Windows = given()",
    "Sources/Sequences/Scaling/Scaler.swift":
      "let train: NDArray = given(), test: NDArray = given(), predictions: NDArray = given()",
    "Sources/Sequences/Signal/Spectrogram.swift": "let samples: [Double] = []",
    "Sources/Sequences/Text/TextStream.swift": "let tokens = [1, 2]; var state: Tensor?",
    "Sources/Sequences/Text/ZipfLaw.swift": "let vocabulary: Vocabulary = given()",
    "Sources/Sequences/Text/Vocabulary.swift": "let text = \"the time machine\"",
    "Sources/Sequences/Transforms/Differencing.swift": "let passengers = [112.0, 118, 132]",
    "Sources/Sequences/Transforms/Resampling.swift": "let series: TimeSeries = given()",
    "Sources/Sequences/Windows/ForecastData.swift":
      "let series: TimeSeries = given(), predictions: NDArray = given()",
    "Sources/Sequences/Windows/Windows.swift": "let train: NDArray = given()",
    "Sources/Training/Baselines/MultinomialNaiveBayes.swift": """
    let sentences: [String] = [], labels: [Int] = [], vocabulary: Vocabulary = given()
    let tokenizer = WordTokenizer()
    """,
    "Sources/Training/Baselines/NGramCounts.swift":
      "let learned: [Int] = [], heldOut: [Int] = [], vocabulary: Vocabulary = given()",
    "Sources/Training/Callbacks/BackupAndRestore.swift": trainer + "; let file: URL = given()",
    "Sources/Training/History.swift": "let history: History = given(), url: URL = given()",
    "Sources/Training/Metrics/ConfusionMatrix.swift":
      "let logits: NDArray = given(), labels: Indices = given()",
    "Sources/Training/Metrics/Repetition.swift": "let written: [Int] = []",
    "Sources/Training/Metrics/Metric.swift":
      "let forecast: NDArray = given(), truth: NDArray = given()",
    "Sources/Exporting/ModelGraph.swift": "let file: URL = given(), folder: URL = given()",
    "Sources/Forecasting/Exporting/ForecastNetwork.swift":
      "let passengers: [Double] = [], file: URL = given(), folder: URL = given()",
    "Sources/PyTorch/PyTorchProgram.swift": """
    final class Model: Module {
      let lstm = LSTM(inputSize: 28, hiddenSize: 8)
      let output = Linear(8, 28)
    }
    let model = Model(), folder: URL = given()
    """,
    "Sources/ONNX/ONNXGraph.swift": """
    final class Model: Module {
      let lstm = LSTM(inputSize: 28, hiddenSize: 8)
      let output = Linear(8, 28)
    }
    let model = Model(), file: URL = given()
    """,
    "Sources/Training/Trainer/Fitting.swift": trainer + """
      ; let set: Windows = given()
      final class Reader: Module {
        func callAsFunction(_ ids: Indices, _ lengths: [Int]) -> Tensor { given() }
      }
      let model = Reader(), optimizer: Adam = given(), reviews: LabeledTokens = given()
      """,
    "Sources/Unroll/Unroll.docc/FromPyTorch.md":
      "let x: Tensor = given(), target: Tensor = given()",
    "Sources/Training/Trainer/Trainer.swift": """
    let model = Sequential(Linear(2, 1))
    let x: NDArray = given(), y: NDArray = given()
    let xTest: NDArray = given(), yTest: NDArray = given()
    """,
  ]

  private static let trainer =
    "let trainer: Trainer<NDArray, NDArray> = given(), x: NDArray = given(), y: NDArray = given()"

  /// Stands before the examples: a value of any type, since nothing is run.
  static let preamble = """
    import ArgumentParser
    import Foundation
    import Unroll

    func given<Value>() -> Value { fatalError("only compiled") }

    """
}
