import Testing
import Training

/// statsmodels' `proportion_confint(method="wilson")`.
@Test func wilsonsInterval() {
  for (count, total, low, high) in [
    (87, 100, 0.7901964855992357, 0.9224283257275948), (0, 10, 0, 0.2775327998628892),
    (3, 3, 0.4385029682449546, 1),
  ] {
    let interval = proportionInterval(count, of: total)
    #expect(abs(interval.lowerBound - low) < 1e-12 && abs(interval.upperBound - high) < 1e-12)
  }
}
