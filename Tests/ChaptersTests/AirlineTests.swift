import ChapterTools
import Testing

@Test func freeForecastsOfTheAirlinePassengers() {
  let recipe = AirlineRecipe()
  let errors = Dictionary(uniqueKeysWithValues: recipe.baselines.map { ($0.name, $0.rmse) })
  // Worked out by hand from the 144 figures.
  #expect(abs(errors["naive_last"]! - 49.409) < 1e-3)
  #expect(abs(errors["naive_season"]! - 42.587) < 1e-3)
  #expect(abs(errors["naive_growth"]! - 16.183) < 1e-3)
  // By NumPy's least squares: of the months as they are, and of the 24 differences that a network reads.
  #expect(abs(errors["linear12_raw"]! - 22.2155) < 1e-3)
  #expect(abs(errors["linear13_raw"]! - 14.7624) < 1e-3)
  #expect(abs(errors["linear24"]! - 12.7645) < 1e-3)
  let (three, learned) = recipe.rawLinear(3, before: 100)
  #expect(abs(three.rmse - 45.4370) < 1e-3 && abs(learned - 22.3589) < 1e-3)
}

@Test func differencesComeBackAsPassengers() {
  let recipe = AirlineRecipe()
  let truth = recipe.passengers(from: recipe.test.map { recipe.differences[$0] }, recipe.test)
  for (told, real) in zip(truth, recipe.passengers[recipe.test]) {
    #expect(abs(told - real) < 1e-6)
  }
}
