import Exercises
import Foundation
import TestSupport
import Testing
import Unroll

/// `unroll start` and what follows, as a learner uses it: a package of their own, built in debug.
@Suite struct WorkbookCommandTests {
  private let scratch = Scratch()
  private var book: String { scratch["book"].path }

  private func unroll(
    _ arguments: String..., input: String = "", path: String? = nil, locale: String = "C"
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process(), output = Pipe()
    process.executableURL = Book.folder.appendingPathComponent("unroll")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["LC_ALL": locale]) { $1 }
      .merging(path.map { ["PATH": $0] } ?? [:]) { $1 }
    try Data(input.utf8).write(to: scratch["in"])
    try Data().write(to: scratch["err"])
    process.standardInput = try FileHandle(forReadingFrom: scratch["in"])
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: scratch["err"])
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: said, as: UTF8.self), try scratch.text("err")
    )
  }

  private func write(_ body: String) throws {
    let exercise = try #require(Exercise.named("rnn-step"))
    let text = try exercise.template().replacing("fatalError(\"your turn\")", with: body)
    try Data(text.utf8).write(to: WorkbookFolder(book).file(of: exercise))
  }

  @Test func wrongThenRight() throws {
    #expect(try unroll("start", book).status == 0)
    let nothing = try unroll("check", book)
    #expect(nothing.status == 1)
    #expect(nothing.output == "· \(Exercise.all.count) not begun; the next is windows\n")
    let placeholder = try unroll("check", book, "rnn-step")
    #expect(placeholder.status == 1)
    #expect(
      placeholder.output == "· rnn-step: not begun, it still says fatalError(\"your turn\")\n")

    try write(
      """
      print("looking", h.shape)
        return (x.matmul(W_ih.transposed) + b_ih + b_hh).tanh()
      """)
    let wrong = try unroll("check", book, "rnn-step", "--seed", "7")
    #expect(wrong.status == 1)
    let lines = wrong.output.split(separator: "\n")
    #expect(
      lines.first?.hasSuffix(
        "Your step does not use the state h: what came before is forgotten.") == true,
      "\(wrong)")
    #expect(lines.dropFirst().first == "    │ looking [2, 4]")
    #expect(lines.last == "  (the same numbers again: --seed 7)")

    try write("nonsense(x)")
    let broken = try unroll("check", book)
    #expect(broken.status == 1)
    #expect(
      broken.output.hasPrefix(
        """
        ✗ rnn-step: it does not compile
            Chapter2/rnn-step.swift:19:3: cannot find 'nonsense' in scope
        · \(Exercise.all.count - 1) not begun; the next is windows

        """), "\(broken)")

    try write("(x.matmul(W_ih.transposed) + b_ih + h.matmul(W_hh.transposed) + b_hh).tanh()")
    let right = try unroll("check", book, "rnn-step", "--json")
    #expect(right.status == 0 && right.errors == "", "\(right)")
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(right.output.utf8)) as? [String: Any])
    #expect(json["right"] as? Int == 1)
    let report = try #require((json["exercises"] as? [[String: Any]])?.first)
    #expect(report["exercise"] as? String == "rnn-step" && report["state"] as? String == "right")

    let status = try unroll("status", book)
    #expect(status.output.contains("  ✓ rnn-step "))
    #expect(status.output.hasSuffix("1 of \(Exercise.all.count) right; the next is windows\n"))
    #expect(try WorkbookFolder(book).progress().exercises["rnn-step"]?.checks == 3)
  }

  @Test func hintsAndSolutions() throws {
    #expect(try unroll("start", book).status == 0)
    let exercise = try #require(Exercise.named("bptt"))
    for number in [1, 2, 3, 3] {
      let hint = try unroll("hint", book, "bptt")
      #expect(
        hint.output == "Hint \(number) of 3:\n\(exercise.hints[number - 1])\n" && hint.status == 0)
    }
    for answer in ["", "n\n", "no\n"] {
      let refused = try unroll("solution", book, "bptt", input: answer)
      #expect(refused.status == 1 && refused.output == "")
      #expect(refused.errors.contains("Show the solution of bptt? [y/N]"))
    }
    let solution = try exercise.solution() + "\n"
    #expect(try unroll("solution", book, "bptt", input: "y\n").output == solution)
    #expect(try unroll("solution", book, "bptt", "--yes").output == solution)
    #expect(try WorkbookFolder(book).progress().exercises["bptt"]?.sawSolution == true)
  }

  /// All of it in Chinese, by the option or the locale.
  @Test func inChinese() throws {
    let count = Exercise.all.count
    let started = try unroll("start", book, "--language", "zh")
    #expect(started.status == 0 && started.output.contains(" 中有 \(count) 个练习，共约 "), "\(started)")
    #expect(try scratch.text("book/Chapter2/rnn-step.swift").contains("\n// 循环层的一步，对一个批量。"))
    let hint = try unroll("hint", book, "rnn-step", locale: "zh_CN.UTF-8")
    #expect(hint.output.hasPrefix("提示 1（共 2 条）：\n哪些形状相合？"), "\(hint)")
    let asked = try unroll("solution", book, "rnn-step", "--language=zh")
    #expect(asked.errors.hasPrefix("显示 rnn-step 的解法吗？还有一条提示。 [y/N]"), "\(asked)")

    let nothing = try unroll("check", book, "--language", "zh")
    #expect(nothing.output == "· \(count) 个尚未动手；下一个是 windows\n")
    try write("(x.matmul(W_ih.transposed) + b_ih + b_hh).tanh()")
    let wrong = try unroll("check", book, "rnn-step", "--language", "zh", "--seed", "7", "--json")
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(wrong.output.utf8)) as? [String: Any])
    let report = try #require((json["exercises"] as? [[String: Any]])?.first)
    #expect(report["state"] as? String == "wrong" && report["title"] as? String == "循环神经网络的一步")
    let problem = try #require((report["problems"] as? [String])?.first)
    #expect(
      problem.hasPrefix("h′ [0, 0]：应为 ") && problem.hasSuffix("。这一步没有用状态 h：之前的一切都被忘记了。"),
      "\(problem)")

    let status = try unroll("status", book, locale: "zh_CN.UTF-8")
    #expect(status.output.hasPrefix("第 1 章\n  · windows "))
    #expect(status.output.contains("  ✗ rnn-step "))
    #expect(status.output.hasSuffix("共 \(count) 个，做对 0 个；下一个是 windows\n"))
    #expect(try unroll("check", book, "--language", "fr").errors.contains("no prose in 'fr'"))
    #expect(try unroll("check", "--help", "--language", "zh").output.contains("构建各练习"))
  }

  @Test func whatIsWrongIsSaidInOneLine() throws {
    #expect(try unroll("start", book).status == 0)
    try write("x")
    for (run, status, part) in [
      (try unroll("check", book, "rnn-stp"), 64, "did you mean 'rnn-step'?"),
      (try unroll("hint", book), 64, "Name one exercise"),
      (try unroll("solution", book, "bptt", "ctc"), 64, "Name one exercise"),
      (try unroll("check", book, "--seed", "-3"), 64, "seed"),
      (try unroll("check", scratch.path), 1, "is no workbook"),
      (try unroll("start", scratch.path), 1, "holds something else"),
      (try unroll("chek", book), 64, "did you mean 'check'?"),
      (try unroll("check", book, "rnn-step", path: "/nothing"), 1, "'swift' is not in PATH"),
    ] as [((status: Int32, output: String, errors: String), Int32, String)] {
      #expect(run.status == status && run.output == "", "\(run)")
      #expect(run.errors.contains(part), "\(run)")
    }
    for name in ["start", "check", "hint", "solution", "status"] {
      let help = try unroll(name, "--help")
      #expect(help.status == 0 && help.output.contains("USAGE: unroll \(name) "), "\(help)")
    }
  }
}
