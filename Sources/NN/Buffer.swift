/// Numbers that a module keeps beside its parameters, such as running means: they go where the
/// parameters go (`stateDict`, files, checkpoints), and no optimizer changes them. A plain `NDArray`
/// property is not kept.
public final class Buffer {
  /// The numbers. Assign to change them; a state that is loaded keeps their shape and element type.
  public var value: NDArray

  /// A buffer that starts with these numbers.
  public init(_ value: NDArray) { self.value = value }
}

/// What a state dictionary holds of a module.
enum Held {
  case parameter(Parameter)
  case buffer(Buffer)

  var id: ObjectIdentifier {
    switch self {
    case .parameter(let parameter): ObjectIdentifier(parameter)
    case .buffer(let buffer): ObjectIdentifier(buffer)
    }
  }

  var value: NDArray {
    switch self {
    case .parameter(let parameter): parameter.value
    case .buffer(let buffer): buffer.value
    }
  }

  /// Takes numbers over; the element type stays.
  func take(_ new: NDArray) {
    let new = new.asType(value.dtype)
    switch self {
    case .parameter(let parameter): parameter.value = new
    case .buffer(let buffer): buffer.value = new
    }
  }
}
