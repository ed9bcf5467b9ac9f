import Foundation
import Synchronization

extension Animation {
  /// Writes `<name>.png`, which moves, and `<name>.gp`, the script that draws its frames as
  /// `<name>-001.png` and so on, into `folder`, which is made if it is not there. Both appear whole or
  /// not at all.
  ///
  /// - Parameters:
  ///   - folder: where the files go.
  ///   - name: of the files, with or without `.png`.
  ///   - theme: for a light page or for a dark one.
  /// - Throws: `FigureError.noFrames`, or why a frame cannot be drawn.
  @discardableResult
  public func write(
    to folder: URL, name: String, theme: Theme = .light
  ) throws(FigureError) -> FigureFiles {
    let (stem, format) = PictureFormat.split(name)
    if format != .png || name.lowercased().hasSuffix(".gif") {
      fatalError("Animation.write: '\(name)': an animation is a PNG")
    }
    checkTimes()
    guard let first = frames.first else { throw .noFrames(animation: stem.oneLine) }
    let files = FigureFiles(
      picture: folder.appendingPathComponent("\(stem).png"),
      script: folder.appendingPathComponent("\(stem).gp"))
    let scratch = folder.appendingPathComponent(".\(stem).\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let drawn = try draw(in: scratch, stem: stem, theme: theme)

    let head = ["# \(first.title.oneLine)", "# Draw the frames again: gnuplot \(stem.oneLine).gp"]
    do {
      // Each without its own two lines of this kind.
      let scripts = try drawn.map { files in
        let lines = try String(contentsOf: files.script, encoding: .utf8).split(
          separator: "\n", omittingEmptySubsequences: false)
        return lines.dropFirst(2).joined(separator: "\n")
      }
      let pictures = try drawn.map { try Data(contentsOf: $0.picture) }
      guard let moving = AnimatedPNG.data(pictures, delays: delays, plays: repeats ?? 0) else {
        throw FigureError.notAPicture(path: files.picture.path, reason: "its frames cannot be read")
      }
      let text = (head + scripts).joined(separator: "\n")
      for (data, half, whole) in [
        (Data(text.utf8), drawn[0].script, files.script), (moving, drawn[0].picture, files.picture),
      ] {
        try data.write(to: half)
        guard rename(half.path, whole.path) == 0 else {
          throw FigureError.cannotWrite(path: whole.path, reason: String(cString: strerror(errno)))
        }
      }
    } catch let error as FigureError {
      throw error
    } catch {
      throw .cannotWrite(path: files.picture.path, reason: error.localizedDescription)
    }
    return files
  }

  private func checkTimes() {
    if !(0.02...60).contains(framesPerSecond) {
      fatalError(
        "Animation.write: \(framesPerSecond) frames a second; from 0.02 to 60 can be shown")
    }
    if !(0...60).contains(rest) {
      fatalError("Animation.write: a rest of \(rest) s; from 0 to 60 can be waited")
    }
    if let repeats, repeats < 1 {
      fatalError("Animation.write: shown \(repeats) times; at least once, or nil for ever again")
    }
  }

  /// How long each frame is shown, in milliseconds.
  private var delays: [Int] {
    let each = Int((1000 / framesPerSecond).rounded())
    return frames.indices.map { index in
      index == frames.count - 1 ? Swift.max(each, Int((1000 * rest).rounded())) : each
    }
  }

  /// Every frame as a picture of its own, on all cores.
  private func draw(
    in scratch: URL, stem: String, theme: Theme
  ) throws(FigureError) -> [FigureFiles] {
    let figures = aligned
    let results = Mutex<[Int: Result<FigureFiles, FigureError>]>([:])
    DispatchQueue.concurrentPerform(iterations: figures.count) { index in
      if results.withLock({ $0.values.contains { (try? $0.get()) == nil } }) { return }
      let number = (index + 1).padded(3)
      let result = Result { () throws(FigureError) in
        try figures[index].write(to: scratch, name: "\(stem)-\(number)", theme: theme)
      }
      results.withLock { $0[index] = result }
    }
    let all = results.withLock { $0 }
    // The first that failed, which is there even if later ones were left out.
    return try all.sorted { $0.key < $1.key }.map { result throws(FigureError) in
      try result.value.get()
    }
  }

  /// The frames as they are drawn: of one size, on the same axes.
  package var aligned: [Figure] {
    let width = frames.map(\.size.width).max() ?? 0
    let height = frames.map(\.size.height).max() ?? 0
    return (sharesAxes ? frames.sharingAxes() : frames).map { figure in
      var figure = figure
      figure.size = Figure.Size(width: width, height: height)
      return figure
    }
  }
}

extension [Figure] {
  /// Gives each axis of all figures the same ends, where it has none yet; in a grid, panel by panel.
  func sharingAxes() -> [Figure] {
    var figures = self
    let panels = Set(map(\.parts.count))
    if let count = panels.first, panels.count == 1, count > 0 {
      for panel in 0..<count {
        let shared = map { $0.parts[panel] }.sharingAxes()
        for index in indices { figures[index].parts[panel] = shared[index] }
      }
      return figures
    }
    let isSolid = contains { $0.marks.contains(where: \.isSolid) }
    let placed = map { $0.placingBars() }
    for (path, direction) in [(\Figure.x, Figure.Direction.x), (\.y, .y), (\.z, .z)] {
      let ends = placed.compactMap { $0.barExtent(of: direction) ?? $0.extent(of: direction) }
      guard var low = ends.map(\.low).min(), var high = ends.map(\.high).max(), low < high else {
        continue
      }
      let isUpright = direction == .y && !isSolid
      if isUpright {
        let isOnZero = contains { $0.marks.contains(where: \.startsAtZero) }
        if isOnZero { (low, high) = (Swift.min(low, 0), Swift.max(high, 0)) }
        (low, high) = self[0].y.rounding(low, high)
      }
      for index in indices {
        let own = self[index][keyPath: path]
        figures[index][keyPath: path].min = own.min ?? low
        figures[index][keyPath: path].max = own.max ?? high
      }
    }
    return figures
  }
}

extension Figure {
  /// From zero to the longest bar and what is written at its end; nil across the bars, and without any.
  fileprivate func barExtent(of direction: Direction) -> (low: Double, high: Double)? {
    guard direction == (horizontalBars ? .x : .y) else { return nil }
    let axis = horizontalBars ? x : y
    let bars = marks.compactMap(\.bars)
    let numbers =
      bars.flatMap(\.values) + [axis.max, axis.scale == .log ? nil : 0].compactMap { $0 }
    let shown = numbers.filter(axis.shows)
    guard !bars.isEmpty, let low = shown.min(), let high = shown.max() else { return nil }
    return (low, high)
  }
}

extension Axis {
  /// Ends with a little room, where gnuplot would have taken the next label's place.
  fileprivate func rounding(_ low: Double, _ high: Double) -> (Double, Double) {
    if scale == .log {
      return (pow(10, log10(low).rounded(.down)), pow(10, log10(high).rounded(.up)))
    }
    if isDate { return (low, high) }
    let step = TickLabels.rounded((high - low) / 10)
    return ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
  }
}
