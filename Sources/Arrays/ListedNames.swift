/// Names for a message: all of a few, the first of many.
package func listed(_ names: [String]) -> String {
  let most = 12
  let shown = names.prefix(most).map { $0.count > 40 ? $0.prefix(40) + "…" : $0 }
  let rest = names.count - most
  return shown.joined(separator: ", ") + (rest > 0 ? ", … and \(rest) more" : "")
}
