import Foundation

/// The programs that this one has started, and those that they have.
enum Descendants {
  /// Ends them all, so that none outlives an interrupted run.
  static func kill(of process: pid_t = getpid()) {
    for process in of(process) { Glibc.kill(process, SIGKILL) }
  }

  private static func of(_ process: pid_t) -> [pid_t] {
    let tasks = "/proc/\(process)/task"
    let children = ((try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [])
      .flatMap { task in
        let list = try? Data(contentsOf: URL(fileURLWithPath: "\(tasks)/\(task)/children"))
        return String(decoding: list ?? Data(), as: UTF8.self).split(separator: " ")
          .compactMap { pid_t($0) }
      }
    return children.flatMap { [$0] + of($0) }
  }
}
