import Arrays
import Foundation

/// A melody as any sequencer takes it: a standard MIDI file of one track.
public struct MIDIFile: Equatable, Sendable {
  /// A note, or a rest.
  public struct Note: Equatable, Sendable {
    /// Half tones; 60 is the middle C. Nil is a rest.
    public var pitch: Int?
    /// In quarter notes.
    public var duration: Double
    /// How hard it is struck, 1 … 127.
    public var velocity: Int

    /// - Parameters:
    ///   - pitch: 0 … 127; nil for a rest.
    ///   - duration: in quarter notes, above 0 and below 10,000.
    ///   - velocity: 1 … 127. What lies outside, here or above, stops the program.
    public init(_ pitch: Int?, duration: Double, velocity: Int = 90) {
      guard pitch.map((0...127).contains) ?? true, (1...127).contains(velocity), duration > 0,
        duration < 10_000
      else {
        wrongUse("MIDIFile.Note: pitch \(pitch ?? -1), duration \(duration), velocity \(velocity)")
      }
      (self.pitch, self.duration, self.velocity) = (pitch, duration, velocity)
    }
  }

  /// One after the other.
  public var notes: [Note]
  /// Quarter notes a minute.
  public var tempo: Double
  /// General MIDI's number of the instrument, from 0 (piano).
  public var program: Int

  /// - Parameters:
  ///   - notes: one after the other.
  ///   - tempo: quarter notes a minute, 4 … 1000.
  ///   - program: the instrument, 0 … 127. What lies outside, here or above, stops the program.
  public init(_ notes: [Note], tempo: Double = 120, program: Int = 0) {
    guard (4...1000).contains(tempo), (0...127).contains(program) else {
      wrongUse("MIDIFile: tempo \(tempo), program \(program)")
    }
    (self.notes, self.tempo, self.program) = (notes, tempo, program)
  }

  /// Ticks a quarter note.
  private static let division = 480

  /// The file's bytes: a header and one track of events, each after the ticks since the last.
  public var data: Data {
    var track: [UInt8] = []
    let beat = Int((60_000_000 / tempo).rounded())
    track += [0, 0xFF, 0x51, 3] + Self.bigEndian(beat, bytes: 3)
    track += [0, 0xC0, UInt8(program)]
    var waiting = 0
    // Ends are rounded, not lengths, so that the melody keeps its time.
    var end = 0.0, ticks = 0
    for note in notes {
      end += note.duration
      let length = max(1, Int((end * Double(Self.division)).rounded()) - ticks)
      ticks += length
      guard let pitch = note.pitch else {
        waiting += length
        continue
      }
      track += Self.variable(waiting) + [0x90, UInt8(pitch), UInt8(note.velocity)]
      track += Self.variable(length) + [0x80, UInt8(pitch), 0]
      waiting = 0
    }
    track += Self.variable(waiting) + [0xFF, 0x2F, 0]
    let header =
      Array("MThd".utf8) + Self.bigEndian(6, bytes: 4) + Self.bigEndian(0, bytes: 2)
      + Self.bigEndian(1, bytes: 2) + Self.bigEndian(Self.division, bytes: 2)
    return Data(header + Array("MTrk".utf8) + Self.bigEndian(track.count, bytes: 4) + track)
  }

  /// Writes the file beside its place and moves it there when it is whole.
  public func write(to file: URL) throws { try data.write(to: file, options: .atomic) }

  private static func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// Seven bits a byte, the highest first; all but the last have the eighth set.
  private static func variable(_ value: Int) -> [UInt8] {
    var bytes = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
      rest >>= 7
    }
    return bytes
  }
}
