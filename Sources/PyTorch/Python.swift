/// Python's words.
enum Python {
  private static let taken: Set = [
    // The language's own.
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
    "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
    "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
    // The file's.
    "Path", "json", "load", "nn", "read_safetensors", "self", "super", "torch",
  ]

  /// What an `nn.Module` has already; a part of that name would not be found as an attribute.
  private static let attributes: Set = [
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children",
    "compile", "cpu", "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward",
    "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half", "ipu",
    "load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules",
    "named_parameters", "parameters", "register_backward_hook", "register_buffer",
    "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook",
    "register_load_state_dict_pre_hook", "register_module", "register_parameter",
    "register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_",
    "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train",
    "training", "type", "xpu", "zero_grad",
  ]

  /// Whether `self.name` can be written.
  static func isAttribute(_ name: String) -> Bool {
    identifier(name) == name && !attributes.contains(name) && !name.hasPrefix("_")
  }

  /// The name with all that no identifier has made a stroke, and out of the way of Python's words.
  static func identifier(_ name: String) -> String {
    var text = String(
      name.unicodeScalars.map { scalar -> Character in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.value == 95)
        return isPlain || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
      })
    if text.first.map({ $0.isNumber }) ?? true { text = "_" + text }
    return taken.contains(text) ? text + "_" : text
  }

  /// The name, or with the first number behind it that is free.
  static func free(_ name: String, besides taken: Set<String>) -> String {
    guard taken.contains(name) else { return name }
    return (2...).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) }!
  }

  /// A text as Python writes it.
  static func quoted(_ text: String) -> String {
    let escaped = text.map { character -> String in
      switch character {
      case "\\", "\"": "\\\(character)"
      case "\n": "\\n"
      default: String(character)
      }
    }
    return "\"\(escaped.joined())\""
  }

  static func bool(_ value: Bool) -> String { value ? "True" : "False" }
}

/// `(3, 4)`, `(3,)`, `()`.
func pythonTuple(_ sizes: [Int]) -> String {
  sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.map(String.init).joined(separator: ", ")))"
}
