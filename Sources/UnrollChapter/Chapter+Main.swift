import Arrays
import Notebook

extension Chapter {
  /// Where a chapter's program begins: the default generator gets `--seed`, then the story is told.
  public static func main() {
    run { Generator.default.seed($0) }
  }
}
