import ArgumentParser
import Unroll

extension Applications {
  var speechOptions: [String] { say == nil ? [] : ["--say"] }

  func checkSpeech() throws {
    guard let say else { return }
    if say.isEmpty || !say.allSatisfy({ ("0"..."9").contains($0) }) || say.count > 20 {
      throw ValidationError("--say takes 1 to 20 digits, such as 31415, not '\(say)'")
    }
  }
}
