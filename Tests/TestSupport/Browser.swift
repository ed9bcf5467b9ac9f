import Foundation

/// A Chromium without a window, driven over its own pipe: what a reader does to a page, and what the page
/// says then. One start serves many pages, sizes and themes.
package final class Browser {
  /// The program, if the machine has it; else it is said what was not tested.
  package static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = folders.flatMap { ["\($0)/chromium", "\($0)/google-chrome"] }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    if found == nil { print("No Chromium in PATH: pages are not opened") }
    return found
  }()

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let scratch = Scratch()
  private let process = Process()
  private let input, output: FileHandle
  private var pending = Data()
  private var session: String?
  private var count = 0
  private var events: [[String: Any]] = []

  package init() throws {
    guard let program = Self.path else { throw Failure(description: "no Chromium in PATH") }
    let pipes = [scratch["to"].path, scratch["from"].path]
    for pipe in pipes { guard mkfifo(pipe, 0o600) == 0 else { throw Failure(description: pipe) } }
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", #"exec 3<"$1" 4>"$2"; shift 2; exec "$@""#, "sh", pipes[0], pipes[1], program,
      "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
      "--remote-debugging-pipe", "--user-data-dir=\(scratch.path)/profile", "about:blank",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Each waits for the shell to open the other end.
    input = try FileHandle(forWritingTo: scratch["to"])
    output = try FileHandle(forReadingFrom: scratch["from"])
    let targets = try call("Target.getTargets")["targetInfos"] as? [[String: Any]] ?? []
    let page = targets.first { $0["type"] as? String == "page" }?["targetId"] ?? ""
    session =
      try call("Target.attachToTarget", ["targetId": page, "flatten": true])["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log"] { try call("\(domain).enable") }
    try call("Performance.enable", ["timeDomain": "threadTicks"])
  }

  deinit {
    _ = try? send("Browser.close", [:])
    process.waitUntilExit()
  }

  // MARK: - What a reader does

  /// The window's size, and whether the reader likes dark pages, and pages on which nothing moves.
  package func show(
    width: Int, height: Int = 900, isDark: Bool = false, isCalm: Bool = true
  ) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    let scheme = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
    // Nothing is to be still on its way when it is looked at.
    let motion = ["name": "prefers-reduced-motion", "value": isCalm ? "reduce" : "no-preference"]
    try call("Emulation.setEmulatedMedia", ["features": [scheme, motion]])
  }

  package func allowScripts(_ areAllowed: Bool) throws {
    try call("Emulation.setScriptExecutionDisabled", ["value": !areAllowed])
  }

  package func open(_ page: URL) throws {
    events = []
    try call("Page.navigate", ["url": page.absoluteString])
    while !events.contains(where: { $0["method"] as? String == "Page.loadEventFired" }) {
      events.append(try receive())
    }
  }

  package func press(_ key: String, code: Int, times: Int = 1) throws {
    for _ in 0..<times {
      for type in ["rawKeyDown", "keyUp"] {
        try call(
          "Input.dispatchKeyEvent",
          [
            "type": type, "key": key, "code": key == " " ? "Space" : key,
            "windowsVirtualKeyCode": code,
          ])
      }
    }
    try settle()
  }

  /// Types into what has the focus.
  package func type(_ text: String) throws {
    try call("Input.insertText", ["text": text])
    try settle()
  }

  /// Moves the mouse, its button down, along the places.
  package func drag(_ places: [(x: Double, y: Double)]) throws {
    func tell(_ type: String, _ place: (x: Double, y: Double)) throws {
      try call(
        "Input.dispatchMouseEvent",
        [
          "type": type, "x": place.x, "y": place.y, "button": "left", "clickCount": 1,
          "buttons": type == "mouseReleased" ? 0 : 1,
        ])
    }
    try tell("mousePressed", places[0])
    for place in places.dropFirst() { try tell("mouseMoved", place) }
    try tell("mouseReleased", places.last!)
    try settle()
  }

  /// Until what was moved is drawn.
  package func settle() throws {
    _ = try evaluate(
      "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
      as: Int.self)
  }

  // MARK: - What the page says

  /// The value of an expression, or of the promise that it gives.
  package func evaluate<Value: Decodable>(_ script: String, as type: Value.Type) throws -> Value {
    let answer = try call(
      "Runtime.evaluate",
      [
        "expression": "(async () => JSON.stringify([await (\(script))]))()",
        "awaitPromise": true, "returnByValue": true,
      ])
    guard let text = (answer["result"] as? [String: Any])?["value"] as? String else {
      throw Failure(description: "\(script): \(answer["exceptionDetails"] ?? answer)")
    }
    return try JSONDecoder().decode([Value].self, from: Data(text.utf8))[0]
  }

  /// The processor time that the page's own thread has used, in seconds: for its script, style, layout and
  /// painting, without what other programs or other threads take.
  package func processorTime() throws -> Double {
    let metrics = try call("Performance.getMetrics")["metrics"] as? [[String: Any]] ?? []
    let used = metrics.first { $0["name"] as? String == "TaskDuration" }?["value"] as? Double
    guard let used else { throw Failure(description: "no TaskDuration in \(metrics)") }
    return used
  }

  /// What a screen reader finds on the page, in its order.
  package struct Accessible {
    package let role, name, description: String
    /// What it tells of itself beside these, such as `valuetext`.
    package let properties: [String: String]
  }

  package func accessibilityTree() throws -> [Accessible] {
    let nodes = try call("Accessibility.getFullAXTree")["nodes"] as? [[String: Any]] ?? []
    func text(_ value: Any?) -> String {
      (value as? [String: Any])?["value"].map { "\($0)" } ?? ""
    }
    return nodes.filter { $0["ignored"] as? Bool != true }.map { node in
      let properties = node["properties"] as? [[String: Any]] ?? []
      return Accessible(
        role: text(node["role"]), name: text(node["name"]), description: text(node["description"]),
        properties: Dictionary(
          properties.map { ($0["name"] as? String ?? "", text($0["value"])) },
          uniquingKeysWith: { first, _ in first }))
    }
  }

  /// Errors and whatever else the console has been told since the page was opened.
  package var console: [String] {
    events.filter {
      ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"]
        .contains($0["method"] as? String)
    }.map { "\($0["params"] ?? "")" }
  }

  /// A picture of the whole page.
  package func picture(to file: URL) throws {
    let answer = try call(
      "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
    try Data(base64Encoded: answer["data"] as? String ?? "")?.write(to: file)
  }

  // MARK: - The pipe

  @discardableResult
  private func call(
    _ method: String, _ parameters: [String: Any] = [:]
  ) throws -> [String: Any] {
    let number = try send(method, parameters)
    while true {
      let message = try receive()
      guard message["id"] as? Int == number else {
        events.append(message)
        continue
      }
      guard let result = message["result"] as? [String: Any] else {
        throw Failure(description: "\(method): \(message["error"] ?? message)")
      }
      return result
    }
  }

  private func send(_ method: String, _ parameters: [String: Any]) throws -> Int {
    count += 1
    var message: [String: Any] = ["id": count, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    try input.write(contentsOf: JSONSerialization.data(withJSONObject: message) + [0])
    return count
  }

  private func receive() throws -> [String: Any] {
    while true {
      if let end = pending.firstIndex(of: 0) {
        let message = pending[..<end]
        pending = Data(pending[(end + 1)...])
        return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
      }
      // A page that hangs is to fail.
      var waiting = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 120_000) == 1 else { throw Failure(description: "no answer") }
      let bytes = output.availableData
      guard !bytes.isEmpty else { throw Failure(description: "the browser has ended") }
      pending += bytes
    }
  }
}
