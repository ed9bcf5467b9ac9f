import Foundation
import Testing
import Training

@Suite struct HistoryTests {
  @Test func columnsComeInTheOrderOfTheirFirstAppearance() {
    var history = History()
    history.append(["loss": 0.5, "val_loss": 1.25], epoch: 0)
    history.append(["loss": 0.25, "learning_rate": 0.1], epoch: 1)
    #expect(history.names == ["loss", "val_loss", "learning_rate"])
    #expect(history["loss"] == [0.5, 0.25])
    #expect(history["val_loss"]![1].isNaN)
    #expect(history["learning_rate"]![0].isNaN)
    #expect(history.last["loss"] == 0.25)
    #expect(
      history.csv == "epoch,loss,val_loss,learning_rate\n0,0.5,1.25,nan\n1,0.25,nan,0.1\n")
  }

  @Test func logsAndHistoriesPrint() {
    let logs: Logs = ["loss": 0.123456, "val_loss": 12]
    #expect("\(logs)" == "loss 0.1235  val_loss 12")
    var history = History()
    for epoch in 0..<20 { history.append(["loss": 1 / Double(epoch + 1)], epoch: epoch) }
    let lines = "\(history)".split(separator: "\n")
    #expect(lines[0] == "epoch     loss" && lines[1] == "    1        1" && lines[7] == "⋯")
    #expect(lines.last == "   20     0.05" && lines.count == 14)
  }

  /// 0.1 + 0.2 and its like must come back as the same bits.
  @Test func numbersSurviveJSONToTheLastBit() throws {
    var history = History()
    history.append(["loss": 0.1 + 0.2, "rate": 1.0 / 3], epoch: 3)
    let again = try JSONDecoder().decode(History.self, from: JSONEncoder().encode(history))
    #expect(again == history)
  }
}
