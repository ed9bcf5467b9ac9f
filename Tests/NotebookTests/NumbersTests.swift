import Notebook
import Testing

@Suite struct NumbersTests {
  @Test(arguments: [
    (14.881234, "14.881"), (0.0, "0.0000"), (1e-10, "1.0000e-10"), (-0.5, "-0.50000"),
    (123456.7, "123457"), (1.5e12, "1.5000e+12"), (.nan, "NaN"), (-.infinity, "−∞"),
    (0.00012345, "0.00012345"),
  ])
  func oneNumber(value: Double, text: String) {
    #expect(Numbers.text(value, digits: 5) == text)
  }

  @Test func aColumnHasTheSameDecimals() {
    #expect(Numbers.column([139.25, 14.8812, 49.4], digits: 4) == ["139.25", "14.88", "49.40"])
    #expect(Numbers.column([1e-10, 0, 2], digits: 2) == ["1.0e-10", "0", "2.0e+00"])
    #expect(Numbers.column([.nan, 1.5], digits: 2) == ["NaN", "1.5"])
    #expect(Numbers.column([-0.0001, 25], digits: 2) == ["-0.00010", "25.00000"])
    #expect(Numbers.column([], digits: 3) == [])
  }

  @Test func durations() {
    let told = [(0.04, "0.0 s"), (59.94, "59.9 s"), (83.2, "1 min 23 s"), (3600, "60 min 0 s")]
    for (seconds, text) in told { #expect(IndexPage.duration(seconds) == text) }
    // A file may say anything.
    for seconds in [1e300, .infinity, .nan] { #expect(IndexPage.duration(seconds) == "? s") }
  }

  @Test func widths() {
    #expect("abc".columns == 3)
    #expect("中文".columns == 4)
    #expect("👩‍👩‍👧é".columns == 3)
    #expect("C̃ₜ".columns == 2)
  }
}
