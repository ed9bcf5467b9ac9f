// The same numbers in other shapes and orders. Their gradients undo the change of shape.

extension Tensor {
  /// The same numbers under another shape; one size may be −1.
  public func reshaped(_ shape: [Int]) -> Tensor {
    seen(as: value.reshaped(shape))
  }

  /// The same numbers in the same order under another shape.
  private func seen(as value: NDArray) -> Tensor {
    let before = shape
    return Tensor("reshape", of: self, value: value) { dy in dy.reshaped(before) }
  }

  /// Two axes exchanged.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    Tensor("transpose", of: self, value: value.transposed(first, second)) { dy in
      dy.transposed(first, second)
    }
  }

  /// A matrix on its side.
  public var transposed: Tensor {
    Tensor("transpose", of: self, value: value.transposed) { dy in dy.transposed }
  }

  /// All axes in a new order: axis k of the result is axis `axes[k]` of this tensor.
  public func permuted(_ axes: [Int]) -> Tensor {
    let value = value.permuted(axes)
    let rank = rank
    var inverse = axes
    for (place, axis) in axes.enumerated() { inverse[axis < 0 ? axis + rank : axis] = place }
    return Tensor("permute", of: self, value: value) { dy in dy.permuted(inverse) }
  }

  /// A new axis of size 1.
  public func unsqueezed(_ axis: Int) -> Tensor { seen(as: value.unsqueezed(axis)) }

  /// Without an axis of size 1; without all of them if none is named.
  public func squeezed(_ axis: Int? = nil) -> Tensor { seen(as: value.squeezed(axis)) }

  /// Axes of size 1 (and missing axes in front) repeated.   The gradient is summed over the copies.
  public func expanded(to shape: [Int]) -> Tensor {
    Tensor("expand", of: self, value: value.expanded(to: shape)) { dy in dy }
  }

  /// `length` places along one axis, from `start` on.
  public func narrow(axis: Int, start: Int, length: Int) -> Tensor {
    let axis = normalizedAxis(axis, rank: rank, operation: "narrow")
    return part("narrow") { $0.narrow(axis: axis, start: start, length: length) }
  }

  /// Places `start`, `start + step`, … before `end` along one axis, ends as in Python.
  public func slice(axis: Int, start: Int = 0, end: Int = .max, step: Int = 1) -> Tensor {
    part("slice") { $0.slice(axis: axis, start: start, end: end, step: step) }
  }

  /// One place of one axis; the axis goes.
  public func select(axis: Int, index: Int) -> Tensor {
    part("select") { $0.select(axis: axis, index: index) }
  }

  /// One index or range for each of the first axes: `x[0, 2..<5]`.
  public subscript(places: any ArrayPlace...) -> Tensor {
    part("subscript") { array in
      var (result, axis) = (array, 0)
      for place in places {
        result = place.apply(to: result, axis: axis)
        if !(place is Int) { axis += 1 }
      }
      return result
    }
  }

  /// A view of part of the numbers.   The gradient is dy there and 0 elsewhere. A part of a part is
  /// one of the whole, so that a loop that goes on with `x[1...]` costs no more.
  private func part(_ name: StaticString, _ view: (NDArray) -> NDArray) -> Tensor {
    let whole = value, seen = view(whole)
    guard requiresGrad, isGradEnabled else { return Tensor(seen) }
    if let (origin, place) = history.whole {
      return Tensor(name, seen, .part(origin, origin.value.window(place, view)))
    }
    return Tensor(name, seen, .part(self, whole.window(showing: seen, view)))
  }

  /// Tensors one after the other along an axis.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    let value = NDArray.concatenate(tensors.map(\.value), axis: axis)
    let axis = normalizedAxis(axis, rank: value.rank, operation: "concatenate")
    let sizes = tensors.map { $0.shape[axis] }
    return Tensor("concatenate", of: tensors, value: value) { dy in dy.split(sizes, axis: axis) }
  }

  /// Tensors of one shape side by side along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    let value = NDArray.stack(tensors.map(\.value), axis: axis)
    let axis = normalizedAxis(axis, rank: value.rank, operation: "stack")
    return Tensor("stack", of: tensors, value: value) { dy in
      (0..<dy.shape[axis]).map { dy.select(axis: axis, index: $0) }
    }
  }

  /// Cut along an axis into parts of the given sizes.
  public func split(_ sizes: [Int], axis: Int = 0) -> [Tensor] {
    pieces("split", value.split(sizes, axis: axis), axis: axis)
  }

  /// Cut along an axis into parts of `size` (the last may be smaller).
  public func split(size: Int, axis: Int = 0) -> [Tensor] {
    pieces("split", value.split(size: size, axis: axis), axis: axis)
  }

  /// Cut along an axis into `count` parts of (nearly) equal size.
  public func chunk(_ count: Int, axis: Int = 0) -> [Tensor] {
    pieces("chunk", value.chunk(count, axis: axis), axis: axis)
  }

  /// One operation with several outputs, so that the gradient is put together once.
  private func pieces(_ name: StaticString, _ values: [NDArray], axis: Int) -> [Tensor] {
    let shapes = values.map(\.shape), dtype = dtype
    return Tensor.outputs(name, of: [self], values: values) { gradients in
      let all = zip(gradients, shapes).map { $0 ?? .zeros($1, dtype: dtype) }
      return [NDArray.concatenate(all, axis: axis)]
    }
  }

  /// The same numbers as another element type; the gradient comes back in this one.
  public func asType(_ dtype: DType) -> Tensor {
    let before = self.dtype
    return Tensor("asType", of: self, value: value.asType(dtype)) { dy in dy.asType(before) }
  }
}
