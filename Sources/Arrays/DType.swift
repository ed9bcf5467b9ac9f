import CKernels

/// The type of an array's numbers. Float trains, Double checks; the two are never mixed silently.
public enum DType: String, Sendable, CaseIterable, CustomStringConvertible {
  case float32, float64

  /// Bytes that one number takes.
  public var byteCount: Int { self == .float32 ? 4 : 8 }

  public var description: String { rawValue }

  package var kernel: ck_dtype { self == .float32 ? CK_F32 : CK_F64 }
}
