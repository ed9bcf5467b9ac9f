import Foundation
import PageStyle
import PlainText

/// The scripts of a page's interactive cells, and the policy by which the browser runs these and no
/// others, and fetches nothing. A page without such cells has the policy alone.
struct PageScripts {
  private let scripts: [String]
  /// What the scripts say, by its English, where the page is in another language.
  private let told: [String: String]

  init(_ interactives: [InteractiveRecord], _ words: Wording) {
    var scripts: [String] = []
    for script in interactives.flatMap(\.component.scripts) where !scripts.contains(script) {
      scripts.append(script)
    }
    if !scripts.isEmpty {
      scripts.insert(PageStyle.liveScript, at: 0)
    }
    self.scripts = scripts
    told = words.language == "en" ? [:] : Self.told(scripts, interactives.map(\.json), words)
  }

  /// The texts in quotes in the scripts, and the strings of their data.
  private static func told(
    _ scripts: [String], _ data: [String], _ words: Wording
  ) -> [String: String] {
    let own = scripts.flatMap { script in
      script.matches(of: #/"([^"\\\n]+)"/#).map { String($0.1) }
    }
    var told: [String: String] = [:]
    for text in own + ["comma in a row"] { told[text] = words.template(of: text) }
    for text in data.flatMap(strings(of:)) where told[text] == nil {
      if let found = words.translation(of: text), found != text { told[text] = found }
    }
    return told
  }

  /// The strings of a component's data but for the models'.
  private static func strings(of json: String) -> [String] {
    guard let data = try? JSONSerialization.jsonObject(with: Data(json.utf8)) else { return [] }
    return strings(in: data).filter { Wording.hasWord($0) && $0.utf8.count < 200 }
  }

  private static func strings(in value: Any) -> [String] {
    switch value {
    case let text as String: [text]
    case let list as [Any]: list.flatMap(strings(in:))
    case let object as [String: Any]:
      object["nodes"] == nil ? object.values.flatMap(strings(in:)) : []
    default: []
    }
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
    scripts.isEmpty ? "" : PageStyle.live
  }

  var elements: String {
    let json = try? Interactive.json(told)
    let data =
      told.isEmpty
      ? "" : "\n<script type=\"application/json\" data-words>\(json ?? "{}")</script>"
    return data
      + scripts.map { "\n<script>\($0)</script>" }.joined()
  }
}
