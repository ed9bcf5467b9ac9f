/// The shared scripts of the folder Plots, as they were when the library was built.
enum Style: String, Sendable {
  case heatmap, surface, pictures, diagram, panel
  case sequential, diverging, gray

  static let base = text(PackageResources.style_gp)

  var script: String {
    switch self {
    case .heatmap: Self.text(PackageResources.heatmap_gp)
    case .surface: Self.text(PackageResources.surface_gp)
    case .pictures: Self.text(PackageResources.pictures_gp)
    case .diagram: Self.text(PackageResources.diagram_gp)
    case .panel: Self.text(PackageResources.panel_gp)
    case .sequential: Self.text(PackageResources.palette_sequential_gp)
    case .diverging: Self.text(PackageResources.palette_diverging_gp)
    case .gray: Self.text(PackageResources.palette_gray_gp)
    }
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
