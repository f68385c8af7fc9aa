/// The names by which files of free-form attributes (GraphML, GML, node-link JSON, dot) give a
/// link's numbers, and what they become. Names are compared without case.
///
/// | attribute | becomes |
/// |---|---|
/// | `LinkSpeedRaw` | capacity in bit/s (Topology Zoo) |
/// | `LinkSpeed` with `LinkSpeedUnits` K, M, G, T | the same, where `LinkSpeedRaw` is missing |
/// | `capacity`, `bandwidth`, `bw` | capacity; a number, or a rate with its unit (`10Gbps`) |
/// | `latencyTicks` | latency in ticks |
/// | `delayMilliseconds`, `delay_ms` | delay |
/// | `delay`, `latency` | delay, taken to be milliseconds, with a warning |
/// | `weight`, `cost`, `metric` | weight |
/// | `failureProbability`, `prob_failure` | failure probability |
/// | `LinkLabel`, `label`, `name` | label |
struct LinkAttributes {
  /// One attribute as a file has it.
  struct Attribute {
    let name: String
    let text: String
    let line: Int?
  }

  private(set) var label: String?
  /// Capacity as a plain number, in the file's unit.
  private(set) var capacity: Double?
  /// Capacity in bits per second.
  private(set) var bitsPerSecond: Double?
  private var speed: Double?
  private var speedUnit: String?
  private(set) var latency: Int?
  private(set) var delayMilliseconds: Double?
  private(set) var weight: Double?
  private(set) var failureProbability: Double?

  init(_ attributes: [Attribute], builder: inout NetworkBuilder) throws(InputError) {
    for attribute in attributes { try read(attribute, builder: &builder) }
    if bitsPerSecond == nil, let speed, let factor = speedUnit.flatMap(Self.zooFactor) {
      bitsPerSecond = speed * factor
    }
  }

  private mutating func read(
    _ attribute: Attribute, builder: inout NetworkBuilder
  ) throws(InputError) {
    switch attribute.name.lowercased() {
    case "linkspeedraw": bitsPerSecond = number(attribute, &builder)
    case "linkspeed": speed = InputText.number(attribute.text)
    case "linkspeedunits": speedUnit = attribute.text
    case "capacity", "bandwidth", "bw":
      if let rate = CapacityUnit.rate(attribute.text) {
        bitsPerSecond = rate
      } else {
        capacity = number(attribute, &builder)
      }
    case "latencyticks": latency = try ticks(attribute, builder)
    case "delaymilliseconds", "delay_ms": delayMilliseconds = number(attribute, &builder)
    case "delay", "latency":
      guard delayMilliseconds == nil, let value = number(attribute, &builder) else { return }
      delayMilliseconds = value
      builder.log.add(
        .unit, line: attribute.line,
        "'\(attribute.name)' has no unit; taken to be milliseconds")
    case "weight", "cost", "metric": weight = number(attribute, &builder)
    case "failureprobability", "prob_failure": failureProbability = number(attribute, &builder)
    case "linklabel": label = NetworkBuilder.clean(attribute.text)
    case "label", "name": label = label ?? NetworkBuilder.clean(attribute.text)
    default: return
    }
  }

  /// A number ≥ 0; anything else is ignored with a warning, as attributes are free text.
  private func number(_ attribute: Attribute, _ builder: inout NetworkBuilder) -> Double? {
    let text = NetworkBuilder.clean(attribute.text)
    if let number = InputText.number(text), number >= 0 { return number }
    if !text.isEmpty {
      builder.log.add(
        .number, line: attribute.line,
        "\(attribute.name) '\(text.prefix(40))' is not a number ≥ 0; ignored")
    }
    return nil
  }

  private func ticks(_ attribute: Attribute, _ builder: NetworkBuilder) throws(InputError) -> Int {
    guard let ticks = Int(NetworkBuilder.clean(attribute.text)), (0...1_000_000).contains(ticks)
    else {
      throw builder.error(
        attribute.line, field: attribute.name, value: attribute.text,
        "whole ticks from 0 to 1000000 were expected")
    }
    return ticks
  }

  private static func zooFactor(_ unit: String) -> Double? {
    CapacityUnit.bitsPerSecond("\(unit.lowercased())bps")
  }

  /// The link between two routers that these attributes describe; its capacity is set later, when
  /// the unit of the whole file is known (`CapacityColumn`).
  func link(_ source: RouterID, _ target: RouterID, isDirected: Bool) -> Link {
    Link(
      source, target, isDirected: isDirected,
      label: label.flatMap { $0.isEmpty ? nil : $0 }, latency: latency,
      delayMilliseconds: delayMilliseconds, weight: weight, failureProbability: failureProbability)
  }
}

/// Brings the capacities of a file's links to one unit.
struct CapacityColumn {
  private var plain: [Double?] = []
  private var bits: [Double?] = []

  mutating func append(_ attributes: LinkAttributes) {
    plain.append(attributes.capacity)
    bits.append(attributes.bitsPerSecond)
  }

  /// Capacities and their unit: the unit that the file declares for plain numbers; bit/s where rates
  /// with units occur (plain numbers beside them are then dropped unless their unit is known).
  func resolve(declaredUnit: String?, log: inout WarningLog) -> (
    capacities: [Double?], unit: String?
  ) {
    guard bits.contains(where: { $0 != nil }) else { return (plain, declaredUnit) }
    let factor = declaredUnit.flatMap(CapacityUnit.bitsPerSecond)
    if let factor, let declaredUnit {
      return (zip(plain, bits).map { $0 ?? $1.map { $0 / factor } }, declaredUnit)
    }
    let lost = zip(plain, bits).filter { $0 != nil && $1 == nil }.count
    if lost > 0 {
      log.add(
        .unit, line: nil,
        "\(lost) capacities have no unit while others have one; those without are ignored")
    }
    return (bits, "bit/s")
  }
}
