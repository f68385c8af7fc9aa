import Experiments
import Routing
import Testing

@Suite struct InitialisationTests {
  /// Steps of 10/n from the fifty-first decision on: after two of them (1 − 10/51)(1 − 10/52) of the
  /// start is left, after 150 next to nothing.
  @Test func whatIsLeftOfTheStartByHand() {
    var settings = ActorCriticConfiguration()
    settings.stepVisits = 10
    settings.highestStep = 0.2
    settings.lowestStep = 0.0003
    settings.criticRate = 0.1
    let two = InnerJacobian.retained(from: 50, to: 52, settings)
    let expected = (1 - 10.0 / 51) * (1 - 10.0 / 52)
    #expect(abs(Double(two.actor) - expected) < 1e-5)
    #expect(abs(Double(two.critic) - 0.81) < 1e-5)
    #expect(InnerJacobian.retained(from: 50, to: 50, settings).actor == 1)
    #expect(InnerJacobian.retained(from: 50, to: 200, settings).actor < 1e-4)
  }

  @Test func everyQuestionHasItsCommand() {
    for id in ["routing-initialisation", "routing-transfer"] {
      #expect(ReproductionCatalogue.reproduction(id) != nil)
    }
  }
}
