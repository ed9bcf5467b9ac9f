import Arrays
import Foundation
import Sequences
import Testing

struct WindowsTests {
  @Test func `720 points cut by 12 give 709 windows`() {
    let windows = NDArray.arange(720).slidingWindows(width: 12)
    #expect(windows.shape == [709, 12])
    #expect(windows[0].doubles == (0..<12).map(Double.init))
    #expect(windows[708].doubles == (708..<720).map(Double.init))
  }

  @Test(arguments: [(1, 1, 1), (5, 1, 1), (5, 3, 2), (7, 2, 5), (20, 1, 3), (30, 10, 1)])
  func `each window and target is where it should be`(width: Int, horizon: Int, stride: Int) {
    let length = 40
    let series = NDArray((0..<length * 2).map(Double.init), shape: [length, 2])
    for target in [WindowTarget.following, .everyStep] {
      let windows = Windows(
        series, width: width, horizon: horizon, stride: stride, target: target)
      #expect(windows.count == (length - width - horizon) / stride + 1)
      let inputs = windows.inputs, targets = windows.targets
      let offset = target == .following ? width : horizon
      let size = target == .following ? horizon : width
      #expect(inputs.shape == [windows.count, width, 2])
      #expect(targets.shape == [windows.count, size, 2])
      for place in 0..<windows.count {
        let start = place * stride
        #expect(inputs[place] == series[start..<start + width])
        #expect(targets[place] == series[start + offset..<start + offset + size])
        let pair = windows[place]
        #expect(pair.input == inputs[place] && pair.target == targets[place])
      }
      // The last row that a target may use is used if the stride allows.
      #expect(windows.starts.last! + width + horizon + stride > length)
      #expect(windows.starts.last! + width + horizon <= length)
    }
  }

  @Test func `a batch is the same numbers as the windows' own, in any order`() {
    let series = NDArray((0..<90).map { sin(Double($0)) }, shape: [30, 3])
    let windows = Windows(series, width: 4, horizon: 2, targetColumn: 1)
    let places = [7, 0, 21, 7]
    let batch = windows.batch(places)
    #expect(batch.inputs.shape == [4, 4, 3] && batch.targets.shape == [4, 2, 1])
    for (row, place) in places.enumerated() {
      #expect(batch.inputs[row] == windows.inputs[place])
      #expect(batch.targets[row] == windows.targets[place])
    }
    #expect(windows.subset(places).inputs == batch.inputs)
  }

  @Test func `windows over a vector have no feature axis`() {
    let windows = Windows(NDArray.arange(10), width: 3)
    #expect(windows.inputs.shape == [7, 3] && windows.targets.shape == [7, 1])
    #expect(windows.targets.doubles == [3, 4, 5, 6, 7, 8, 9])
  }

  @Test func `a series too short has no windows`() {
    let windows = Windows(NDArray.zeros([5, 2]), width: 5)
    #expect(windows.count == 0)
    #expect(windows.inputs.shape == [0, 5, 2] && windows.targets.shape == [0, 1, 2])
    #expect(NDArray.zeros([5]).slidingWindows(width: 6).shape == [0, 6])
  }

  @Test func `cutting copies nothing`() {
    let series = NDArray.zeros([43_824, 8])
    let windows = Windows(series, width: 24, horizon: 6, targetColumn: 0)
    let inputs = windows.inputs, targets = windows.targets
    let cut = series.slidingWindows(width: 100, stride: 3)
    let end = series.storage.pointer + series.count * 4
    for view in [inputs, targets, cut] {
      #expect(view.storage.pointer >= series.storage.pointer && view.storage.pointer < end)
    }
    #expect(inputs.shape == [43_795, 24, 8] && targets.shape == [43_795, 6, 1])
    #expect(cut.shape == [14_575, 100, 8])
  }

  @Test func `a window set before the split shares its values, after it none`() {
    let series = NDArray.arange(720)
    let (train, test) = series.split(fraction: 0.8)
    #expect(sharedValues(between: Windows(train, width: 12), and: Windows(test, width: 12)) == 0)

    // Cut first: the windows on both sides of the border share the 12 rows about it.
    let all = Windows(series, width: 12)
    #expect(sharedValues(between: all.subset(0..<500), and: all.subset(500..<708)) == 12)
    // Shuffled: nearly every number.
    let order = Generator(seed: 1).permutation(all.count)
    let shared = sharedValues(
      between: all.subset(order[..<566]), and: all.subset(order[566...]))
    #expect(shared > 600)
  }

  @Test func `windows of time series share rows of the same stamp`() {
    let series = TimeSeries(every: .hours(1), values: draw(100, seed: 3))
    let a = Windows(series[0..<60], width: 5), b = Windows(series[50..<100], width: 5)
    #expect(sharedValues(between: a, and: b) == 10)
    let (train, test) = series.split(count: 60)
    #expect(
      sharedValues(between: Windows(train, width: 5), and: Windows(test, width: 5)) == 0)
  }

  @Test func `wrong widths and columns stop with a sentence`() async {
    await #expect(processExitsWith: .failure) {
      _ = Windows(NDArray.zeros([5, 2]), width: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = Windows(NDArray.zeros([5, 2]), width: 2, targetColumn: 2)
    }
  }
}
