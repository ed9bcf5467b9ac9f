import ChapterTools
import Testing

@Test func freeForecastsOfTheAirlinePassengers() {
  let recipe = AirlineRecipe()
  let errors = Dictionary(uniqueKeysWithValues: recipe.baselines.map { ($0.name, $0.rmse) })
  // Worked out by hand from the 144 figures.
  #expect(abs(errors["naive_last"]! - 49.409) < 1e-3)
  #expect(abs(errors["naive_season"]! - 42.587) < 1e-3)
  #expect(abs(errors["naive_growth"]! - 16.183) < 1e-3)
  #expect(abs(errors["linear13"]! - 14.916) < 1e-3)
}

@Test func differencesComeBackAsPassengers() {
  let recipe = AirlineRecipe()
  let truth = recipe.passengers(from: recipe.test.map { recipe.differences[$0] }, recipe.test)
  for (told, real) in zip(truth, recipe.passengers[recipe.test]) {
    #expect(abs(told - real) < 1e-6)
  }
}
