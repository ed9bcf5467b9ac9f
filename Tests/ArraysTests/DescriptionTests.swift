import Arrays
import Testing

@Suite struct DescriptionTests {
  @Test func smallOnesWhole() {
    #expect("\(NDArray(1.5))" == "1.5000")
    #expect("\(NDArray([1, 2, 3]))" == "[1, 2, 3]")
    #expect("\(NDArray([[1, -2], [30, 4]]))" == "[[ 1, -2],\n [30,  4]]")
    #expect("\(NDArray([0.5, .nan, -.infinity]))" == "[0.5000,    nan,   -inf]")
    #expect("\(NDArray([1e-8, 1]))" == "[1.0000e-08, 1.0000e+00]")
    #expect("\(counting([2, 1, 2]))" == "[[[0, 1]],\n\n [[2, 3]]]")
    #expect("\(NDArray.zeros([0]))" == "[]")
    // However many rows there would be.
    let most = 1 << 32 - 1
    #expect("\(NDArray.zeros([0, most, most]))" == "[]")
    #expect("\(NDArray.zeros([most, most, 0]))" == "[]" && "\(NDArray.zeros([2, 0]))" == "[]")
  }

  @Test func largeOnesCutAsNumPy() {
    #expect("\(counting([2000]))" == "[   0,    1,    2, ..., 1997, 1998, 1999]")
    let lines = "\(counting([100, 100]))".split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0] == "[[   0,    1,    2, ...,   97,   98,   99],")
    #expect(lines[3] == " ...,")
    #expect(lines[6] == " [9900, 9901, 9902, ..., 9997, 9998, 9999]]")
    #expect("\(counting([1000]))".contains("500"))
  }

  @Test func closeness() {
    let a = doubles([1, 2])
    #expect(a.isClose(to: doubles([1 + 1e-9, 2])) && !a.isClose(to: doubles([1.001, 2])))
    #expect(a.isClose(to: doubles([1.1, 2]), relative: 0, absolute: 0.11))
    #expect(!a.isClose(to: a.reshaped([2, 1])), "shapes come first")
    #expect(!doubles([.nan]).isClose(to: doubles([.nan])))
    #expect(doubles([.infinity]).isClose(to: doubles([.infinity])))
    #expect(!doubles([1]).isClose(to: doubles([.infinity])))
    #expect(a == doubles([1, 2]) && a != a.asType(.float32))
    #expect(doubles([1, 5]).largestDifference(from: doubles([2, 2])) == 3)
  }
}
