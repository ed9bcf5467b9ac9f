import Foundation
import SequenceData
import TestSupport
import Testing
import Unroll

extension Scratch {
  /// Runs chapter 1's program and returns what it measured.
  fileprivate func measured(_ arguments: String...) throws -> [String: Double] {
    let outcome = try run("sequence-data", ["--quick", "--output", url.path] + arguments)
    #expect(outcome.status == 0 && outcome.errors == "")
    return try results(in: url.appendingPathComponent("sequence-data"))
  }

  /// Makes a data folder in which the Beijing file has the given hours of autumn 2013.
  fileprivate func beijing(hours: Int, unit: String = "1") throws -> URL {
    let folder = url.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let start = CivilTime(year: 2013, month: 9, day: 30).stamp
    let rows = (0..<hours).map { hour in
      let time = CivilTime(stamp: start + Double(hour) * 3600)
      return "\(time.year),\(time.month),\(time.day),\(time.hour),\(unit),\(unit)\n"
    }
    try Data(("year,month,day,hour,pm2.5,TEMP\n" + rows.joined()).utf8)
      .write(to: folder.appendingPathComponent("pollution.csv"))
    return folder
  }
}

struct SequenceDataTests {
  @Test func `what the chapter measures`() throws {
    let results = try Scratch().measured()
    func result(_ name: String) throws -> Double { try #require(results[name], "\(name)") }
    #expect(try result("windows.count") == 709)
    // Shuffled windows share their numbers and promise more than those that were split in time.
    #expect(try result("leak.shared_values") > 500)
    #expect(try result("clean.shared_values") == 0)
    #expect(try result("leak.validation_mse") < result("clean.validation_mse"))
    // With too few numbers to learn anything by heart.
    #expect(try result("clean.weighted_sum.future_mse") < result("clean.future_mse"))
    // Order is what makes a sequence.
    #expect(try result("autocorrelation.lag_24") > 0.5)
    #expect(try abs(result("autocorrelation.lag_24_shuffled")) < 0.15)
    // The ways back.
    #expect(try result("differences.way_back_error") < 1e-9)
    #expect(try result("scaling.way_back_error") < 1e-12)
    #expect(try result("padding.buckets") < result("padding.random") / 2)
    // Counted in Python beside it.
    #expect(try result("text.words") == 3572)
    for (name, exponent) in [("words", 0.8931568), ("bigrams", 0.4840438), ("trigrams", 0.1702765)]
    {
      #expect(try abs(result("text.zipf.\(name)") - exponent) < 1e-6)
    }
    #expect(try abs(result("text.laplace.perplexity") - 124.6) < 0.1)
    #expect(try abs(result("text.witten_bell.perplexity") - 51.54293079900146) < 1e-9)
    // Of a daily course, the mean day knows more than any neighbor.
    #expect(try result("fill.missing_hours") > 0)
    for other in ["previous", "linear", "spline"] {
      #expect(try result("fill.seasonal.rmse") < result("fill.\(other).rmse"))
    }
  }

  /// The chapter says of every seed that shuffled validation promises too much.
  @Test(arguments: 1...4) func `the promise of shuffled windows does not come true`(
    seed: Int
  ) throws {
    let results = try Scratch().measured("--seed", "\(seed)")
    let promise = try #require(results["leak.validation_mse"])
    #expect(try promise < #require(results["leak.future_mse"]))
  }

  /// A wave is a weighted sum of what was before it, and after a day the same again.
  @Test func `rivals that need no training`() {
    let wave = TimeSeries(
      every: .hours(1), values: (0..<720).map { sin(Double($0) * 2 * .pi / 24) + 3 })
    let division = Division(wave, seed: 1)
    #expect(division.shuffled.training.count + division.shuffled.validation.count == 541)
    #expect(sharedValues(between: division.split.training, and: division.split.validation) == 0)
    let sum = division.split.training.weightedSum
    #expect(division.future.meanSquaredError(of: sum) < 1e-9)
    #expect(division.future.meanSquaredError { Array($0[..<12]) } < 1e-9)
    let zeros = division.future.targets.doubles.map { $0 * $0 }
    let mean = zeros.reduce(0, +) / Double(zeros.count)
    let always = division.future.meanSquaredError { _ in [Double](repeating: 0, count: 12) }
    #expect(abs(always - mean) < 1e-12)
  }

  @Test func `what is wrong with the data is said in one line`() throws {
    let scratch = Scratch()
    let empty = scratch.url.appendingPathComponent("empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    let cell = "sequence-data: cell 1, “What a sequence is”: "
    let short = try scratch.beijing(hours: 100)
    for (folder, message) in [
      (
        scratch.url.appendingPathComponent("none"),
        "sequence-data: --data: no folder \(scratch.url.path)/none\n"
      ),
      (empty, cell + "\(empty.path): no data set is in this folder; is it the right one?\n"),
      (
        short,
        cell + "\(short.path)/pollution.csv: there are no 720 hours from 2013-10-01 on in "
          + "TimeSeries of 100 rows, 2013-09-30 … 2013-10-04 03:00 (pm2.5)\n"
      ),
    ] {
      let outcome = try run(
        "sequence-data", ["--data", folder.path, "--output", scratch.url.path])
      #expect(outcome.status == 1 && outcome.errors == message)
    }
    let brief = scratch.url.appendingPathComponent("brief")
    try FileManager.default.createDirectory(at: brief, withIntermediateDirectories: true)
    try Data("too few".utf8).write(to: brief.appendingPathComponent("timemachine.txt"))
    #expect(throws: DatasetError.self) { try Prose(brief) }
    let broken = try scratch.beijing(hours: 2, unit: "1,5")
    let outcome = try run(
      "sequence-data", ["--data", broken.path, "--output", scratch.url.path])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == cell + "pollution.csv:2: 8 fields, where the header has 6\n")
  }

  @Test func `the series by its seed`() throws {
    let first = try Hourly(nil, seed: 3), again = try Hourly(nil, seed: 3)
    #expect(first.series.count == 720 && first.series.regularStep == 3600)
    #expect(first.series.missingCount == 0)
    #expect(first.series.columns == again.series.columns)
    #expect(try first.series.columns != Hourly(nil, seed: 4).series.columns)
    #expect(first.reports.count < 14 * 24 * 6 && first.reports.regularStep == nil)
  }

  @Test func `a folder without the Beijing file is told of, and the series made up`() throws {
    let scratch = Scratch()
    try Data("text".utf8).write(to: scratch.url.appendingPathComponent("timemachine.txt"))
    let hourly = try Hourly(scratch.url, seed: 1)
    #expect(hourly.source.hasSuffix("there is no Beijing file in \(scratch.url.path)"))
    #expect(hourly.series.count == 720)
  }

  @Test func `training on windows, and their error`() {
    // A forecast of zeros errs by the mean square of the targets.
    let wave = TimeSeries(
      every: .hours(1), values: (0..<300).map { sin(Double($0) * 2 * .pi / 24) })
    let windows = Windows(wave, width: 24, horizon: 12)
    let still = trained(on: windows, steps: 0, seed: 1)
    for parameter in still.parameters() { parameter.value = parameter.value * 0 }
    let squares = windows.targets.doubles.map { $0 * $0 }
    let mean = squares.reduce(0, +) / Double(squares.count)
    #expect(abs(meanSquaredError(of: still, on: windows) - mean) < 1e-5)
    // Without noise there is nothing that cannot be learned.
    #expect(meanSquaredError(of: trained(on: windows, steps: 200, seed: 1), on: windows) < 0.01)
  }
}
