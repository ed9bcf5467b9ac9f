/// The style sheets of a page, and the scripts of what its readers move, one file a component.
package enum PageStyle {
  package static let page = text(PackageResources.page_css)
  /// Of the components.
  package static let live = text(PackageResources.live_css)

  /// What the scripts have in common, and what those have that run models.
  package static let liveScript = text(PackageResources.live_js)
  package static let modelScript = text(PackageResources.model_js)

  package static let cell = text(PackageResources.cell_js)
  package static let date = text(PackageResources.date_js)
  package static let digit = text(PackageResources.digit_js)
  package static let name = text(PackageResources.name_js)
  package static let packing = text(PackageResources.packing_js)
  package static let surface = text(PackageResources.surface_js)
  package static let unrolled = text(PackageResources.unrolled_js)
  package static let windows = text(PackageResources.windows_js)
  package static let writer = text(PackageResources.writer_js)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
