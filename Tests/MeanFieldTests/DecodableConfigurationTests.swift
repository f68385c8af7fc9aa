import Foundation
import MeanField
import Networks
import Testing

@Suite struct DecodableConfigurationTests {
  private static let all: [any DecodableConfiguration.Type] = [
    PolicySearchConfiguration.self, PerturbationEquilibrium.self, PerturbationTeam.self,
    TwoTimescale.self, LikelihoodRatioEquilibrium.self, MeanFieldUpdate.self, QLearning.self,
    MeanFieldLearning.self, StationaryFictitiousPlay.self, MasterMirrorDescent.self,
    StationaryTeamSearch.self, IndependentQLearning.self, MeanFieldQLearning.self,
    KernelQLearning.self, NetValueIteration.self, RepeatedAuction.self, CongestionControl.self,
    OrderDispatch.self, Malware.self, CrowdChoice.self,
  ]

  @Test func anEmptyObjectIsTheDefault() throws {
    func check<Settings: DecodableConfiguration>(_ type: Settings.Type) throws {
      #expect(try Settings.decoded(from: Data("{}".utf8)) == Settings.defaultConfiguration)
      // What is written can be read.
      let written = try JSONEncoder().encode(Settings.defaultConfiguration)
      #expect(try Settings.decoded(from: written) == Settings.defaultConfiguration)
    }
    for type in Self.all { try check(type) }
  }

  @Test func anUnknownKeyIsAnErrorThatNamesTheKnownOnes() {
    func check<Settings: DecodableConfiguration>(_ type: Settings.Type) {
      let error = #expect(throws: InputError.self) {
        try Settings.decoded(from: Data("{\"nosuch\": 1}".utf8), file: "settings.json")
      }
      #expect(error?.field == "nosuch")
      #expect(error?.file == "settings.json")
      #expect(error?.expected.contains("allowed: ") == true)
    }
    for type in Self.all { check(type) }
  }

  @Test func givenKeysAreTaken() throws {
    let text = """
      {"iterations": 7, "meanField": {"batchSize": 50}, "schedule": {"exponent": 0.5}}
      """
    let search = try PolicySearchConfiguration.decoded(from: Data(text.utf8))
    #expect(search.iterations == 7)
    #expect(search.meanField == MeanFieldUpdate(steps: 200, batchSize: 50))
    #expect(search.schedule == StepSizeSchedule(start: 100, exponent: 0.5))
    let learning = try MeanFieldLearning.decoded(
      from: Data("{\"inner\": {\"valueIteration\": {}}, \"agents\": 20}".utf8))
    #expect(learning.inner == .valueIteration)
    #expect(learning.agents == 20)
  }

  @Test(arguments: ["", "[]", "{\"iterations\": \"many\"}", "{\"meanField\": {\"stepz\": 3}}"])
  func badTextIsAnError(text: String) {
    let error = #expect(throws: InputError.self) {
      try PolicySearchConfiguration.decoded(from: Data(text.utf8))
    }
    #expect(error?.expected.contains("\n") == false)
  }
}
