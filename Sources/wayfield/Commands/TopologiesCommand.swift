import Experiments
import Foundation
import Networks
import Reporting

/// `wayfield topologies list | show T | convert T`.
enum TopologiesCommand {
  static let group = CommandGroup(
    name: "topologies", summary: "Lists, shows and converts networks.",
    commands: [
      TopologiesListCommand.self, TopologiesShowCommand.self, TopologiesConvertCommand.self,
    ], defaultCommand: TopologiesListCommand.self)

  static let topology = Argument<String>.positional(
    "T", .path("T"),
    help:
      "A built-in network (\(TopologyCatalogue.builtInNames.joined(separator: ", "))), a file or "
      + "a folder.")

  static func warnings(_ warnings: [InputWarning]) -> JSONValue {
    .array(warnings.map { .string($0.description) })
  }
}

enum TopologiesListCommand: Command {
  static let declaration = CommandDeclaration(
    name: "list", summary: "Lists the built-in networks and the file formats.",
    examples: ["wayfield topologies list"], arguments: [])

  static func run(_ input: Invocation) throws -> CommandResult {
    let networks = BuiltInTopology.allCases
    var table = TextTable(["network", "", "routers", "links"], leftColumns: 2)
    for network in networks {
      let topology = network.topology
      table.append([
        network.rawValue, network.summary, "\(topology.routerCount)", "\(topology.links.count)",
      ])
    }
    var formats = TextTable(["format", "", ""], leftColumns: 3)
    for format in TopologyFormat.allCases {
      let ending = format.fileExtension.map { ".\($0)" } ?? "folder"
      formats.append([format.rawValue, ending, format.summary])
    }
    let json: JSONValue = [
      "networks": .array(
        networks.map {
          [
            "name": .string($0.rawValue), "routers": .integer($0.topology.routerCount),
            "links": .integer($0.topology.links.count), "summary": .string($0.summary),
          ]
        }),
      "formats": .array(
        TopologyFormat.allCases.map {
          ["name": .string($0.rawValue), "summary": .string($0.summary)]
        }),
    ]
    return CommandResult(json: json, text: table.text + "\n\n" + formats.text)
  }
}

enum TopologiesShowCommand: Command {
  static let map = Argument<String?>.optional(
    "map", .path("file.svg"), help: "Draw the network into this SVG file.")

  static let declaration = CommandDeclaration(
    name: "show", summary: "Shows a network: size, diameter, bridges, capacity, what is missing.",
    discussion: [
      "Links are numbered as '--fail @number' takes them. Latency is in ticks and rate in packets per "
        + "tick, by the rule of SimulationUnits; '--set tickMicroseconds=…', 'packetBits=…', "
        + "'kilometresPerMillisecond=…', 'routeFactor=…', 'defaultLatencyTicks=…' and "
        + "'capacityUnit=…' change it."
    ],
    examples: [
      "wayfield topologies show abilene --map abilene.svg",
      "wayfield topologies show Kdl.graphml --json",
      "wayfield topologies show abilene --set tickMicroseconds=500 --set packetBits=12000",
    ], arguments: [TopologiesCommand.topology, map, CommonArguments.settings])

  static func run(_ input: Invocation) throws -> CommandResult {
    let network = try TopologyCatalogue.load(try input[TopologiesCommand.topology])
    var settings = try Settings(try input[CommonArguments.settings])
    let units = try settings.take(SimulationUnits())
    try settings.finish()
    try units.validate()
    let summary = TopologySummary(network.topology, units: units)
    let path = try input[map]
    if let path { try OutputPlace.checkFile(path) }
    if let path { try draw(network.topology, to: path) }
    let presentation = TopologyPresentation(network: network, summary: summary)
    var text = presentation.text
    if let path { text += "\nMap: \(path)" }
    return CommandResult(json: presentation.json, text: text)
  }

  private static func draw(_ topology: Topology, to path: String) throws(InputError) {
    let stored = StoredNetwork(
      name: topology.name,
      routers: topology.routers.map { router in
        StoredNetwork.Router(
          name: router.name, x: router.position?.x ?? router.coordinate?.longitude,
          y: router.position?.y ?? router.coordinate?.latitude)
      },
      links: topology.links.map {
        StoredNetwork.Link(source: $0.source.index, target: $0.target.index)
      })
    do {
      try Data(NetworkMap(network: stored, title: topology.name).svg.utf8)
        .write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError(file: path, expected: "it cannot be written")
    }
  }
}

enum TopologiesConvertCommand: Command {
  static let to = Argument<TopologyFormat>.required(
    "to", .cases("format"), help: "The format to write.")
  static let output = Argument<String>.required(
    "output", .path("file"), help: "The file to write; a folder for teavar.")

  static let declaration = CommandDeclaration(
    name: "convert", summary: "Converts a network, with its demands, to another file format.",
    discussion: [
      "What the new format cannot hold is named. Reading the result gives the same network in all "
        + "that the format can hold."
    ],
    examples: [
      "wayfield topologies convert Abilene.graphml --to json --output abilene.json",
      "wayfield topologies convert b4 --to teavar --output b4/",
    ], arguments: [TopologiesCommand.topology, to, output])

  static func run(_ input: Invocation) throws -> CommandResult {
    let network = try TopologyCatalogue.load(try input[TopologiesCommand.topology])
    let format = try input[to]
    let written = try format.write(network)
    let paths = try written.save(to: try input[output], format: format)
    let warnings = network.warnings + written.warnings
    let lines = warnings.map { "Warning: \($0.description)" } + paths.map { "Written: \($0)" }
    return CommandResult(
      json: [
        "topology": .string(network.topology.name), "format": .string(format.rawValue),
        "files": .array(paths.map { .string($0) }),
        "warnings": TopologiesCommand.warnings(warnings),
      ], text: lines.joined(separator: "\n"))
  }
}
