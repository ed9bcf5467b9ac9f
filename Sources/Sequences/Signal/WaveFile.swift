import Arrays
import Foundation

/// A sound as any player takes it: a WAV file of one channel, 16 bits a sample.
public struct WaveFile: Equatable, Sendable {
  /// From −1 to 1; what lies outside is cut off when it is written.
  public var samples: [Double]
  /// Samples a second.
  public var sampleRate: Int

  /// - Parameters:
  ///   - samples: from −1 to 1.
  ///   - sampleRate: samples a second, 1 … 1,000,000, or the program stops.
  public init(samples: [Double], sampleRate: Int) {
    guard (1...1_000_000).contains(sampleRate) else {
      wrongUse("WaveFile: \(sampleRate) samples a second")
    }
    (self.samples, self.sampleRate) = (samples, sampleRate)
  }

  /// The file's bytes: RIFF, a chunk `fmt ` and a chunk `data`.
  public var data: Data {
    var bytes = Data()
    func number(_ value: Int, bytes width: Int) {
      for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }
    let size = samples.count * 2
    bytes.append(contentsOf: "RIFF".utf8)
    number(36 + size, bytes: 4)
    bytes.append(contentsOf: "WAVEfmt ".utf8)
    number(16, bytes: 4)
    number(1, bytes: 2)  // plain samples
    number(1, bytes: 2)  // channels
    number(sampleRate, bytes: 4)
    number(sampleRate * 2, bytes: 4)  // bytes a second
    number(2, bytes: 2)  // bytes a step of time
    number(16, bytes: 2)
    bytes.append(contentsOf: "data".utf8)
    number(size, bytes: 4)
    for sample in samples {
      number(sample.isNaN ? 0 : Int((max(-1, min(1, sample)) * 32767).rounded()), bytes: 2)
    }
    return bytes
  }

  /// Writes the file beside its place and moves it there when it is whole.
  public func write(to file: URL) throws { try data.write(to: file, options: .atomic) }
}
