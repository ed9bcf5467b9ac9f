/// The scripts of a page's interactive cells, and the policy by which the browser runs these and no
/// others, and fetches nothing. A page without such cells has the policy alone.
struct PageScripts {
  private let scripts: [String]

  init(_ components: [Interactive.Component]) {
    var scripts: [String] = []
    for script in components.flatMap(\.scripts) where !scripts.contains(script) {
      scripts.append(script)
    }
    if !scripts.isEmpty {
      scripts.insert(Interactive.Component.style(PackageResources.live_js), at: 0)
    }
    self.scripts = scripts
  }

  /// Each script is known by its digest: what else might get into the page does not run.
  var policy: String {
    let digests = scripts.map { script in
      var digest = RunningDigest(.sha256)
      digest.update(script.utf8)
      return "'sha256-\(Data(digest.bytes).base64EncodedString())'"
    }
    let allowed = digests.isEmpty ? "'none'" : digests.joined(separator: " ")
    return """
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
      style-src 'unsafe-inline'; script-src \(allowed); base-uri 'none'; form-action 'none'">
      """
  }

  var style: String {
    scripts.isEmpty ? "" : Interactive.Component.style(PackageResources.live_css)
  }

  var elements: String {
    scripts.map { "\n<script>\($0)</script>" }.joined()
  }
}
