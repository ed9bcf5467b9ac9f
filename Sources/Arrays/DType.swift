import CKernels

/// The type of an array's numbers. Float trains, Double checks; the two are never mixed silently.
public enum DType: String, Sendable, CaseIterable, CustomStringConvertible {
  /// Swift's `Float` and `Double`: about 7 and 16 decimal digits.
  case float32, float64

  /// Bytes that one number takes.
  public var byteCount: Int { self == .float32 ? 4 : 8 }

  public var description: String { rawValue }

  package var kernel: ck_dtype { self == .float32 ? CK_F32 : CK_F64 }

  /// The number as this type holds it.
  func rounded(_ number: Double) -> Double { self == .float32 ? Double(Float(number)) : number }

  /// The number at a place of memory of this type.
  func number(at pointer: UnsafeRawPointer, _ place: Int) -> Double {
    self == .float32
      ? Double(pointer.assumingMemoryBound(to: Float.self)[place])
      : pointer.assumingMemoryBound(to: Double.self)[place]
  }

  func put(_ number: Double, at pointer: UnsafeMutableRawPointer, _ place: Int) {
    if self == .float32 {
      pointer.assumingMemoryBound(to: Float.self)[place] = Float(number)
    } else {
      pointer.assumingMemoryBound(to: Double.self)[place] = number
    }
  }
}
