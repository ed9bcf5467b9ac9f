import Arrays

/// A float64 array of normal numbers, the same on every run.
func numbers(_ shape: [Int], seed: UInt64 = 7) -> NDArray {
  .normal(shape, dtype: .float64, generator: Generator(seed: seed))
}

/// 0, 1, 2, … under a shape.
func counting(_ shape: [Int]) -> NDArray {
  NDArray.arange(shape.reduce(1, *), dtype: .float64).reshaped(shape)
}

/// Numbers as an array of float64.
func doubles(_ values: [Double]) -> NDArray { NDArray(values, dtype: .float64) }
