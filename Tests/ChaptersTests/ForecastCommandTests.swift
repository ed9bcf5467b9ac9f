import Foundation
import TestSupport
import Testing
import Unroll

/// `applications forecast`, run as a user runs it.
@Suite struct ForecastCommandTests {
  private let scratch = Scratch()

  private func file(_ name: String, _ text: String) throws -> String {
    let file = scratch.url.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private func passengers() throws -> String {
    try file("passengers.csv", AirlinePassengers.series.csv(time: "month"))
  }

  private func forecast(_ arguments: [String]) throws -> (status: Int32, errors: String) {
    try run("applications", ["forecast"] + arguments + ["--output", scratch.url.path, "--quiet"])
  }

  private var folder: URL { scratch.url.appendingPathComponent("forecast") }

  @Test func aFileBecomesAForecast() throws {
    let csv = try passengers(), saved = scratch.url.appendingPathComponent("model.safetensors").path
    let first = try forecast([
      "--csv", csv, "--column", "passengers", "--horizon", "12", "--quick", "--save", saved,
    ])
    #expect(first.status == 0 && first.errors == "", "\(first.errors)")
    let text = try String(
      contentsOf: folder.appendingPathComponent("forecast.csv"), encoding: .utf8)
    let rows = text.split(separator: "\n")
    #expect(rows.count == 13 && rows[0] == "time,forecast,lower,upper")
    #expect(rows[1].hasPrefix("1961-01-01,") && rows[12].hasPrefix("1961-12-01,"))
    let results = try results(in: folder)
    #expect(try #require(results["forecast.relative_mae"]) < 1)
    for name in ["chapter.html", "01-forecast-of-passengers.png"] {
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path))
    }
    let page = try String(
      contentsOf: folder.appendingPathComponent("chapter.html"), encoding: .utf8)
    #expect(!page.contains("ForecastModel"), "the page shows no code")

    // What was saved forecasts the same, with the file and without it.
    let withFile = ["--load", saved, "--csv", csv]
    for again in [["--load", saved], withFile, withFile + ["--language", "zh"]] {
      let outcome = try forecast(again)
      #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
      let same = try String(
        contentsOf: folder.appendingPathComponent("forecast.csv"), encoding: .utf8)
      #expect(same == text)
    }
    let told = try String(
      contentsOf: folder.appendingPathComponent("chapter.html"), encoding: .utf8)
    #expect(told.contains("passengers 的预测"))
    let other = try file("other.csv", "a\n" + (1...150).map { "\($0 * $0 % 17)\n" }.joined())
    let refused = try forecast(["--load", saved, "--csv", other, "--column", "a"])
    #expect(refused.status == 1 && refused.errors.contains("it forecasts 'passengers'"))
  }

  /// The networks go to PyTorch and ONNX, with the page saying that they are not the mean of all.
  @Test func theNetworksAreTakenOut() throws {
    let csv = try passengers()
    let onnx = scratch.url.appendingPathComponent("model.onnx").path
    let torch = scratch.url.appendingPathComponent("torch").path
    let outcome = try forecast([
      "--csv", csv, "--column", "passengers", "--horizon", "6", "--quick", "--export-onnx", onnx,
      "--export-pytorch", torch,
    ])
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: onnx)).count > 1000)
    let text = try String(contentsOfFile: torch + "/model.py", encoding: .utf8)
    #expect(text.contains("-> forecast [batch, 6]"))
    #expect(FileManager.default.fileExists(atPath: torch + "/model.safetensors"))
    let page = try String(
      contentsOf: folder.appendingPathComponent("chapter.md"), encoding: .utf8)
    #expect(page.contains("torchrun --nproc_per_node 2 train.py"))
    #expect(page.contains("is not the forecast above"))
    #expect(try #require(results(in: folder)["export.mae"]) > 0)
    guard let python = OutsidePython.having("torch, numpy") else { return }
    let (status, output) = try OutsidePython.run(
      python,
      [
        "-c",
        """
        import sys, torch
        sys.path.insert(0, sys.argv[1])
        from model import load
        window = torch.linspace(400, 500, int(sys.argv[2])).reshape(1, -1)
        y = load()(window)
        assert y.shape == (1, 6) and (y > 300).all() and (y < 700).all(), y
        """, torch,
        "\(text.firstMatch(of: #/window \[batch, (\d+)\]/#)!.1)",
      ])
    #expect(status == 0, "\(output)")
  }

  @Test func whatCannotBeTakenOutIsSaidAndNothingIsWritten() throws {
    let csv = try file("short.csv", "a\n" + (1...30).map { "\($0 * $0 % 17)\n" }.joined())
    let onnx = scratch.url.appendingPathComponent("model.onnx").path
    for (arguments, text) in [
      (["--export-onnx", onnx], "too few for a network"),
      (["--export-onnx", "/dev/null/x.onnx"], "cannot write"),
      (["--export-pytorch", csv], "it is a file"),
      (["--export-pytorch", "/dev/null/x"], "cannot write"),
    ] {
      let outcome = try forecast(["--csv", csv, "--column", "a", "--horizon", "6"] + arguments)
      #expect(outcome.status == 1 && outcome.errors.contains(text), "\(outcome.errors)")
      #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path))
      #expect(!FileManager.default.fileExists(atPath: onnx))
    }
  }

  @Test func whatIsWrongIsSaidInOneLineAndLeavesNothing() throws {
    let csv = try passengers()
    let constant = try file("constant.csv", "a\n" + String(repeating: "5\n", count: 40))
    let few = try file("few.csv", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n")
    let model = try file("no-model.safetensors", "a,b\n1,2\n")
    for (arguments, status, text) in [
      ([], 64, "--csv FILE"), (["--csv", csv], 64, "--column NAME"),
      (["--csv", csv, "--column", "passenger"], 1, "did you mean 'passengers'?"),
      (["--csv", csv, "--column", "passengers", "--horizon", "0"], 64, "horizon of 0"),
      (["--csv", csv, "--column", "passengers", "--interval", "1"], 64, "no share"),
      (["--csv", csv, "--column", "passengers", "--season", "one"], 64, "no season"),
      (["--csv", csv, "--column", "passengers", "--season", "100"], 1, "a season of 100 rows"),
      (["--csv", csv, "--column", "passengers", "--time", "day"], 1, "no column 'day'"),
      (["--csv", csv, "--column", "passengers", "--exogenous", "oil"], 1, "no column 'oil'"),
      (["--csv", csv, "--column", "passengers", "--save", "/dev/null/x"], 1, "cannot write"),
      (["--csv", "/nowhere.csv", "--column", "a"], 1, "No such file"),
      (["--csv", constant, "--column", "a"], 1, "all values are 5.0"),
      (["--csv", few, "--column", "a", "--horizon", "5"], 1, "too few for a horizon of 5"),
      (["--load", model], 1, "no-model.safetensors"),
    ] as [([String], Int32, String)] {
      let outcome = try forecast(arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path), "\(arguments)")
    }
  }
}
