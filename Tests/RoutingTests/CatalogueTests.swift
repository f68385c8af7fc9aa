import Foundation
import Networks
import PacketSimulation
import Routing
import Testing

@Suite struct CatalogueTests {
  @Test func namesAreUniqueAndKebabCase() {
    let names = RoutingCatalogue.algorithms.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber } })
  }

  @Test(arguments: RoutingCatalogue.algorithms.map(\.name))
  func emptyConfigurationIsTheDefault(name: String) throws {
    let algorithm = try RoutingCatalogue.algorithm(name)
    func check<Configuration: AlgorithmConfiguration>(_ value: Configuration) throws {
      let data = try JSONEncoder().encode(value)
      #expect(try JSONDecoder().decode(Configuration.self, from: data) == value)
      let empty = try JSONDecoder().decode(Configuration.self, from: Data("{}".utf8))
      #expect(empty == Configuration())
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Configuration.self, from: Data("{\"noSuchKey\": 1}".utf8))
      }
    }
    try check(algorithm.defaultConfiguration)
  }

  @Test func unknownKeysAndValuesAreNamed() throws {
    let algorithm = try RoutingCatalogue.algorithm("q-routing")
    let unknown = #expect(throws: InputError.self) {
      try algorithm.configuration(settings: ["eta": "1"])
    }
    #expect(unknown?.description.contains("learningRate, lossPenalty") == true)
    let outside = #expect(throws: InputError.self) {
      try algorithm.configuration(settings: ["learningRate": "2"])
    }
    #expect(outside?.description.contains("0.0…1.0") == true)
    #expect(throws: InputError.self) { try RoutingCatalogue.algorithm("no-such") }
  }
}
