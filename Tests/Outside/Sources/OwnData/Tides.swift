import Foundation
import Unroll

extension DataFolder {
  /// Heights of the water, a data set that unroll does not know: fetched if it is not there.
  public func tides(at address: String, _ checksum: Checksum) throws -> TimeSeries {
    try download([KnownDataset.Source(address, checksum, .file("tides.csv"))])
    return try TimeSeries(
      csv: url.appendingPathComponent("tides.csv"), time: .column("hour"), columns: ["height"])
  }

  /// Pictures of clothes in MNIST's format (Xiao et al. 2017): `[count, 28, 28]` bytes.
  public func clothes() throws -> IDX {
    let file = url.appendingPathComponent("t10k-images-idx3-ubyte.gz")
    let bytes = Array(try Data(contentsOf: file))
    return try IDX(try gunzipped(bytes, name: file.path), name: file.path)
  }
}
