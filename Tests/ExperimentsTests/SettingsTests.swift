import Experiments
import Networks
import Testing

@Suite struct SettingsTests {
  struct Configuration: Codable, Hashable {
    enum Metric: String, Codable, CaseIterable { case hops, latency }
    enum Age: Codable, Hashable {
      case now
      case ticks(Int)
    }
    struct Inner: Codable, Hashable { var depth = 2 }
    var rate = 0.5
    var limit: Int?
    var isGreedy = false
    var metric = Metric.latency
    var age = Age.now
    var layers = [128, 128]
    var inner = Inner()
    var ceiling = Double.infinity
  }

  private func take(_ texts: [String]) throws -> Configuration {
    var settings = try Settings(texts)
    let value = try settings.take(Configuration(), scope: "learner")
    try settings.finish()
    return value
  }

  @Test func keepsDefaults() throws { #expect(try take([]) == Configuration()) }

  @Test func setsEveryKindOfField() throws {
    let value = try take([
      "rate=.25", "limit=7", "isGreedy=true", "metric=hops", "age={\"ticks\":{\"_0\":3}}",
      "layers=4,5,6", "inner.depth=9", "ceiling=3",
    ])
    let expected = Configuration(
      rate: 0.25, limit: 7, isGreedy: true, metric: .hops, age: .ticks(3), layers: [4, 5, 6],
      inner: .init(depth: 9), ceiling: 3)
    #expect(value == expected)
  }

  @Test func casesWithoutValuesAreWrittenAsTheirName() throws {
    var settings = try Settings(["age=now"])
    #expect(try settings.take(Configuration(age: .ticks(1))).age == .now)
  }

  @Test func optionalFieldsCanBeCleared() throws {
    var settings = try Settings(["limit=none"])
    #expect(try settings.take(Configuration(limit: 3)).limit == nil)
  }

  @Test func scopedKeysWinWhereverTheyStand() throws {
    #expect(try take(["learner.rate=1", "rate=2"]).rate == 1)
    #expect(try take(["rate=2", "learner.rate=1"]).rate == 1)
  }

  @Test(arguments: [
    ("rate=fast", "--set: rate: found 'fast'; expected a number."),
    ("limit=1.5", "--set: limit: found '1.5'; expected a whole number."),
    ("metric=miles", "--set: metric: found 'miles'; expected one of hops, latency."),
    ("isGreedy=2", "--set: isGreedy: found '2'; expected true or false."),
    ("rate", "--set: found 'rate'; expected key=value."),
    ("layers=1,x", "--set: layers.1: found 'x'; expected a whole number."),
    (
      "speed=1",
      "--set: speed: unknown setting; allowed: learner.rate, learner.limit, learner.isGreedy, "
        + "learner.metric, learner.age, learner.layers, learner.inner, learner.ceiling."
    ),
  ])
  func namesWhatIsWrong(text: String, sentence: String) {
    let error = #expect(throws: InputError.self) { try take([text]) }
    #expect(error?.description == sentence)
  }

  @Test func sameKeyTwiceIsAnError() {
    #expect(throws: InputError.self) { try Settings(["a=1", "a=2"]) }
  }
}
