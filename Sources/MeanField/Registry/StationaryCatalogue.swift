import Networks

extension MeanFieldCatalogue {
  /// The games of the stationary discounted side.
  static let stationaryGames: [GameDescriptor] = [
    GameDescriptor(
      name: "malware",
      documentation: "Malware spread: health decays until an agent pays for a repair (seed 002).",
      parameters: [
        ParameterDescriptor(
          "k", .number(0...1e6), default: "0.2", "Cost of being unhealthy among healthy agents."),
        ParameterDescriptor(
          "repairCost", .number(0...1e9), default: "0.5", "Cost of one repair, λ."),
        discount(0.9),
        ParameterDescriptor("cells", .integer(2...20_001), default: "101", "Cells of [0, 1]."),
      ],
      make: { values in
        Malware(
          baseCost: values.number("k"), repairCost: values.number("repairCost"),
          discount: values.number("discount"), cells: values.integer("cells"))
      }),
    GameDescriptor(
      name: "crowd-choice",
      documentation: "Everybody chooses a place and crowded places cost more; closed form known.",
      parameters: [
        ParameterDescriptor(
          "crowding", .text, default: "1,2",
          "Cost slope of each place, numbers separated by commas."),
        ParameterDescriptor("toll", .text, default: "0.5,0", "Fixed cost of each place."),
        discount(0.8),
      ],
      make: { values in
        let crowding = try numbers(values, "crowding")
        let toll = try numbers(values, "toll")
        guard crowding.count == toll.count, crowding.allSatisfy({ $0 > 0 }) else {
          throw InputError(
            file: "--set", field: "crowding", value: values.text("crowding"),
            expected: "expected as many positive numbers as 'toll' has")
        }
        return CrowdChoice(crowding: crowding, toll: toll, discount: values.number("discount"))
      }),
    GameDescriptor(
      name: "repeated-auction",
      documentation: "A repeated second-price auction with budgets (seed 004).",
      parameters: [
        ParameterDescriptor(
          "bidders", .integer(2...1000), default: "5", "Bidders in one auction, M."),
        ParameterDescriptor(
          "penalty", .number(0...1e6), default: "0.2", "Overspending penalty, ρ."),
        ParameterDescriptor(
          "refillProbability", .number(0...1), default: "0.2", "Chance of a full budget each round."
        ),
        discount(0.8),
      ],
      make: { values in
        var game = RepeatedAuction()
        game.bidders = values.integer("bidders")
        game.penalty = values.number("penalty")
        game.refillProbability = values.number("refillProbability")
        game.discount = values.number("discount")
        return game
      }),
    GameDescriptor(
      name: "congestion-control",
      documentation:
        "Senders share one link of unknown bandwidth and adapt their rates (seed 004).",
      parameters: [
        ParameterDescriptor("levels", .integer(2...6), default: "3", "Rate levels."),
        ParameterDescriptor(
          "bandwidths", .text, default: "0.4,0.6", "Equally likely bandwidths for each sender."),
        ParameterDescriptor("lossPenalty", .number(0...1e6), default: "2", "Cost of lost traffic."),
        ParameterDescriptor(
          "latencyPenalty", .number(0...1e6), default: "0.2", "Cost of a full link's delay."),
        discount(0.8),
      ],
      make: { values in
        var game = CongestionControl()
        game.levels = values.integer("levels")
        game.bandwidths = try numbers(values, "bandwidths")
        guard game.bandwidths.allSatisfy({ $0 > 0 }) else {
          throw InputError(
            file: "--set", field: "bandwidths", value: values.text("bandwidths"),
            expected: "expected positive numbers")
        }
        game.lossPenalty = values.number("lossPenalty")
        game.latencyPenalty = values.number("latencyPenalty")
        game.discount = values.number("discount")
        return game
      }),
    GameDescriptor(
      name: "order-dispatch",
      documentation: "Ride-sharing drivers over a 2 × 2 grid, demand by cell and time (seed 004).",
      parameters: [
        ParameterDescriptor("moveCost", .number(0...1e6), default: "0.1", "Cost of an empty move."),
        ParameterDescriptor(
          "horizon", .integer(0...10_000), default: "0", "Steps; 0 means for ever."),
        discount(0.9),
      ],
      make: { values in
        var game = OrderDispatch()
        game.moveCost = values.number("moveCost")
        game.horizon = values.integer("horizon") > 0 ? values.integer("horizon") : nil
        game.discount = values.number("discount")
        return game
      }),
    GameDescriptor(
      name: "data-routing",
      documentation: "Packets choose their next hops over links that slow down as they fill.",
      parameters: [
        ParameterDescriptor(
          "topology", .text, default: "abilene", "A built-in network's name or a topology file."),
        ParameterDescriptor(
          "destination", .text, default: "", "A router's name; empty: the first router."),
        ParameterDescriptor(
          "congestion", .number(0...1e6), default: "5", "How strongly a full link slows down."),
        discount(0.9),
      ],
      make: { values in
        let topology = try TopologyCatalogue.load(values.text("topology")).topology
        let name = values.text("destination")
        guard let router = name.isEmpty ? RouterID(0) : topology.router(named: name) else {
          throw InputError(
            file: "--set", field: "destination", value: name,
            expected: "expected the name of a router of \(topology.name)")
        }
        return try DataRouting(
          topology, destination: router, congestion: values.number("congestion"),
          discount: values.number("discount"))
      }),
  ]

  private static func discount(_ value: Double) -> ParameterDescriptor {
    ParameterDescriptor(
      "discount", .number(0.0001...0.9999), default: "\(value)", "The discount factor γ.")
  }

  /// A comma-separated list of finite numbers.
  private static func numbers(
    _ values: ParameterValues, _ name: String
  ) throws(InputError) -> [Double] {
    let words = values.text(name).split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.compactMap { Double($0.trimmedSpaces) }
    guard numbers.count == words.count, !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else {
      throw InputError(
        file: "--set", field: name, value: values.text(name),
        expected: "expected numbers separated by commas")
    }
    return numbers
  }
}

extension Substring {
  fileprivate var trimmedSpaces: Substring {
    var part = self
    while part.first == " " { part.removeFirst() }
    while part.last == " " { part.removeLast() }
    return part
  }
}
