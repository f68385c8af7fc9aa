// swift-tools-version: 6.1
import PackageDescription

// Dependencies go down only (see Documentation/Architecture.md). Each room is one target.
let package = Package(
  name: "Wayfield",
  products: [
    .executable(name: "wayfield", targets: ["wayfield"]),
    .library(
      name: "Wayfield",
      targets: [
        "Randomness", "Networks", "Flows", "PacketSimulation", "Learning", "Routing", "MeanField",
        "Experiments", "Reporting",
      ]),
  ],
  targets: [
    .target(name: "CKernels"),
    .systemLibrary(name: "CClp", pkgConfig: "clp", providers: [.apt(["coinor-libclp-dev"])]),
    .target(name: "Randomness"),
    .target(name: "Networks", dependencies: ["Randomness"]),
    .target(name: "Flows", dependencies: ["Networks", "CClp"]),
    .target(name: "PacketSimulation", dependencies: ["Networks", "Randomness"]),
    .target(name: "Learning", dependencies: ["CKernels", "Randomness"]),
    .target(
      name: "Routing",
      dependencies: ["Flows", "Learning", "Networks", "PacketSimulation", "Randomness"]),
    .target(
      name: "MeanField", dependencies: ["CKernels", "Flows", "Learning", "Networks", "Randomness"]),
    .target(
      name: "Experiments",
      dependencies: [
        "MeanField", "Routing", "PacketSimulation", "Flows", "Learning", "Networks", "Randomness",
      ]),
    .target(name: "Reporting", dependencies: []),
    .executableTarget(
      name: "wayfield",
      dependencies: [
        "CKernels", "Experiments", "Reporting", "MeanField", "Routing", "PacketSimulation", "Flows",
        "Networks",
        "Randomness",
      ]),
    .executableTarget(
      name: "meanfield-example", dependencies: ["MeanField"], path: "Examples/MeanField"),
    .executableTarget(
      name: "meanfield-timing", dependencies: ["MeanField"], path: "Benchmarks/meanfield/Timing"),
    .testTarget(
      name: "RandomnessTests",
      dependencies: [
        "Randomness"
      ]),
    .testTarget(
      name: "NetworksTests",
      dependencies: [
        "Networks",
        "Randomness",
      ]),
    .testTarget(
      name: "FlowsTests",
      dependencies: [
        "Flows",
        "Networks",
        "Randomness",
      ]),
    .testTarget(
      name: "PacketSimulationTests",
      dependencies: [
        "PacketSimulation",
        "Networks",
        "Randomness",
      ]),
    .testTarget(
      name: "LearningTests",
      dependencies: [
        "Learning",
        "CKernels",
        "Randomness",
      ]),
    .testTarget(
      name: "RoutingTests",
      dependencies: [
        "Routing",
        "PacketSimulation",
        "Flows",
        "Learning",
        "Networks",
        "Randomness",
      ]),
    .testTarget(
      name: "MeanFieldTests",
      dependencies: [
        "CKernels",
        "MeanField",
        "Flows",
        "Learning",
        "Networks",
        "Randomness",
      ]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments",
        "MeanField",
        "Routing",
        "PacketSimulation",
        "Flows",
        "Networks",
        "Randomness",
      ]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting",
        "Experiments",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["wayfield", "Experiments", "Networks", "Randomness"]),
  ],
  swiftLanguageModes: [.v6]
)
