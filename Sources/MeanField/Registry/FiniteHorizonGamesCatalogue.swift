extension MeanFieldCatalogue {
  private static func integer(
    _ name: String, _ range: ClosedRange<Int>, _ value: Int, _ text: String
  ) -> ParameterDescriptor {
    ParameterDescriptor(name, .integer(range), default: "\(value)", text)
  }

  private static func number(
    _ name: String, _ range: ClosedRange<Double>, _ value: Double, _ text: String
  ) -> ParameterDescriptor {
    ParameterDescriptor(name, .number(range), default: "\(value)", text)
  }

  private static func horizon(_ value: Int) -> ParameterDescriptor {
    integer("lastStep", 1...10_000, value, "The last step T; steps are 0…T.")
  }

  /// The games of the finite-horizon side.
  static let finiteHorizonGames: [GameDescriptor] =
    mfglibGames + openSpielGames + MeanFieldGarnet<Double>.Coupling.allCases.map(garnet)

  private static let mfglibGames: [GameDescriptor] = [
    GameDescriptor(
      name: "left-right",
      documentation: "Go left or right; the crowd costs once or twice; closed-form equilibrium."
    ) { _ in FiniteHorizonInstance(PreparedGame(LeftRight()), single: PreparedGame(LeftRight())) },
    GameDescriptor(
      name: "rock-paper-scissors",
      documentation: "Rock, paper, scissors with unequal stakes; closed-form equilibrium."
    ) { _ in
      FiniteHorizonInstance(
        PreparedGame(RockPaperScissors()), single: PreparedGame(RockPaperScissors()))
    },
    GameDescriptor(
      name: "susceptible-infected",
      documentation: "Keeping a distance costs, going out may infect.",
      parameters: [
        horizon(50),
        number("infectionRate", 0...1, 0.81, "Infection probability when all are infected."),
        number("recoveryRate", 0...1, 0.3, "Probability of recovery in a step."),
      ]
    ) { values in
      let (steps, infection) = (values.integer("lastStep"), values.number("infectionRate"))
      let recovery = values.number("recoveryRate")
      return FiniteHorizonInstance(
        PreparedGame(
          SusceptibleInfected(
            lastStep: steps, infectionRate: infection, recoveryRate: recovery)),
        single: PreparedGame(
          SusceptibleInfected(
            lastStep: steps, infectionRate: infection, recoveryRate: recovery)))
    },
    GameDescriptor(
      name: "beach-bar", documentation: "Be near the bar on the beach, but not in the crowd.",
      parameters: [
        horizon(2), integer("places", 3...10_000, 4, "Places on the beach."),
        number("stillProbability", 0...1, 0.5, "Probability that noise does not move."),
      ]
    ) { values in
      let (steps, places) = (values.integer("lastStep"), values.integer("places"))
      let still = values.number("stillProbability")
      return FiniteHorizonInstance(
        PreparedGame(
          BeachBar(
            lastStep: steps, places: places, bar: places / 2, stillProbability: still)),
        single: PreparedGame(
          BeachBar(
            lastStep: steps, places: places, bar: places / 2, stillProbability: still)))
    },
    GameDescriptor(
      name: "linear-quadratic", documentation: "Agents on a line are drawn to the mean.",
      parameters: [
        horizon(3), integer("stateLimit", 1...1000, 5, "States −L…L."),
        integer("actionLimit", 0...100, 2, "Actions −M…M."),
        number("volatility", 0...100, 3, "The noise's scale σ."),
      ]
    ) { values in
      FiniteHorizonInstance(
        PreparedGame(LinearQuadratic(parameters(values, LinearQuadratic<Double>.Parameters()))),
        single: PreparedGame(
          LinearQuadratic(parameters(values, LinearQuadratic<Float>.Parameters()))))
    },
    GameDescriptor(
      name: "equilibrium-price", documentation: "Producers sell from stock; the price falls.",
      parameters: [horizon(4), integer("largestStock", 1...100, 3, "Stock 0…S.")]
    ) { values in
      let (steps, stock) = (values.integer("lastStep"), values.integer("largestStock"))
      return FiniteHorizonInstance(
        PreparedGame(EquilibriumPrice(lastStep: steps, largestStock: stock)),
        single: PreparedGame(EquilibriumPrice(lastStep: steps, largestStock: stock)))
    },
    GameDescriptor(
      name: "conservative-treasure-hunting",
      documentation: "Dig where the others are; a spread population slows everybody.",
      parameters: [horizon(5), number("conservatism", 0...100, 1, "The slowing factor c.")]
    ) { values in
      let (steps, factor) = (values.integer("lastStep"), values.number("conservatism"))
      return FiniteHorizonInstance(
        PreparedGame(ConservativeTreasureHunting(lastStep: steps, conservatism: factor)),
        single: PreparedGame(ConservativeTreasureHunting(lastStep: steps, conservatism: factor)))
    },
    GameDescriptor(
      name: "crowd-motion", documentation: "A crowd on a grid follows a point of interest.",
      parameters: [
        horizon(3), integer("length", 2...3000, 20, "Rows."),
        integer("width", 2...3000, 20, "Columns."),
      ]
    ) { values in
      let (steps, length) = (values.integer("lastStep"), values.integer("length"))
      let width = values.integer("width")
      return FiniteHorizonInstance(
        PreparedGame(CrowdMotion(lastStep: steps, length: length, width: width)),
        single: PreparedGame(CrowdMotion(lastStep: steps, length: length, width: width)))
    },
    GameDescriptor(
      name: "building-evacuation", documentation: "Leave a building by the stairs.",
      parameters: [
        horizon(3), integer("floors", 1...1000, 5, "Floors."),
        integer("length", 2...1000, 10, "Rows of a floor."),
        integer("width", 2...1000, 10, "Columns of a floor."),
      ]
    ) { values in
      let (steps, floors) = (values.integer("lastStep"), values.integer("floors"))
      let (length, width) = (values.integer("length"), values.integer("width"))
      return FiniteHorizonInstance(
        PreparedGame(
          BuildingEvacuation(lastStep: steps, floors: floors, length: length, width: width)),
        single: PreparedGame(
          BuildingEvacuation(lastStep: steps, floors: floors, length: length, width: width)))
    },
    GameDescriptor(
      name: "random-linear",
      documentation: "Rewards and transition logits random and affine in the joint law.",
      parameters: [
        horizon(3), integer("states", 2...200, 5, "States."),
        integer("actions", 1...200, 5, "Actions."),
        number("magnitude", 0...1000, 10, "Entries are uniform in ± this."),
        integer("gameSeed", 0...Int.max, 0, "Seed of the matrices."),
      ]
    ) { values in
      let (steps, states) = (values.integer("lastStep"), values.integer("states"))
      let (actions, magnitude) = (values.integer("actions"), values.number("magnitude"))
      let seed = UInt64(values.integer("gameSeed"))
      return FiniteHorizonInstance(
        PreparedGame(
          RandomLinear(
            lastStep: steps, states: states, actions: actions, magnitude: magnitude, seed: seed)),
        single: PreparedGame(
          RandomLinear(
            lastStep: steps, states: states, actions: actions, magnitude: magnitude, seed: seed)))
    },
  ]

  private static func parameters<Scalar: FlowScalar>(
    _ values: ParameterValues, _ defaults: LinearQuadratic<Scalar>.Parameters
  ) -> LinearQuadratic<Scalar>.Parameters {
    var parameters = defaults
    parameters.lastStep = values.integer("lastStep")
    parameters.stateLimit = values.integer("stateLimit")
    parameters.actionLimit = values.integer("actionLimit")
    parameters.volatility = values.number("volatility")
    return parameters
  }

  private static let openSpielGames: [GameDescriptor] = [
    GameDescriptor(
      name: "predator-prey", documentation: "Three populations hunt each other in a circle.",
      parameters: [horizon(9), integer("size", 2...1000, 5, "Cells on a side.")]
    ) { values in
      let (steps, size) = (values.integer("lastStep"), values.integer("size"))
      return FiniteHorizonInstance(
        PreparedGame(PredatorPrey(lastStep: steps, size: size)),
        single: PreparedGame(PredatorPrey(lastStep: steps, size: size)))
    },
    crowd(1), crowd(2),
    GameDescriptor(
      name: "four-rooms", documentation: "A crowd starts in one corner of four rooms with doors."
    ) { _ in
      FiniteHorizonInstance(
        PreparedGame(CrowdModelling.fourRooms()), single: PreparedGame(CrowdModelling.fourRooms()))
    },
    GameDescriptor(
      name: "linear-quadratic-torus",
      documentation: "OpenSpiel's linear–quadratic game on a ring.",
      parameters: [
        horizon(9), integer("size", 2...1000, 10, "Places."),
        number("attraction", 0...10, 0, "Drift towards the mean, K."),
      ]
    ) { values in
      let (steps, size) = (values.integer("lastStep"), values.integer("size"))
      let attraction = values.number("attraction")
      return FiniteHorizonInstance(
        PreparedGame(LinearQuadraticTorus(lastStep: steps, size: size, attraction: attraction)),
        single: PreparedGame(
          LinearQuadraticTorus(lastStep: steps, size: size, attraction: attraction)))
    },
    GameDescriptor(
      name: "dynamic-routing",
      documentation: "Vehicles on Braess's network choose the next road at each junction.",
      parameters: [horizon(40), number("vehicles", 0.001...1e9, 10, "Vehicles.")]
    ) { values in
      let (steps, vehicles) = (values.integer("lastStep"), values.number("vehicles"))
      return FiniteHorizonInstance(
        PreparedGame(DynamicRouting.braess(vehicles: vehicles, lastStep: steps)),
        single: PreparedGame(DynamicRouting.braess(vehicles: vehicles, lastStep: steps)))
    },
  ]

  private static func crowd(_ dimensions: Int) -> GameDescriptor {
    GameDescriptor(
      name: dimensions == 1 ? "crowd-modelling" : "crowd-modelling-2d",
      documentation:
        "A crowd on a \(dimensions == 1 ? "ring" : "torus") wants to be in the middle.",
      parameters: [horizon(9), integer("size", 2...1000, 10, "Places in each dimension.")]
    ) { values in
      let (steps, size) = (values.integer("lastStep"), values.integer("size"))
      return FiniteHorizonInstance(
        PreparedGame(CrowdModelling(dimensions: dimensions, lastStep: steps, size: size)),
        single: PreparedGame(CrowdModelling(dimensions: dimensions, lastStep: steps, size: size)))
    }
  }

  private static func garnet(_ coupling: MeanFieldGarnet<Double>.Coupling) -> GameDescriptor {
    let name = MeanFieldGarnet<Double>(coupling: coupling, states: 1, actions: 1).name
    return GameDescriptor(
      name: name, documentation: "A random game of the class \(coupling.rawValue).",
      parameters: [
        horizon(9), integer("states", 2...100_000, 10, "States."),
        integer("actions", 1...1000, 3, "Actions."),
        integer("successors", 1...1000, 3, "Next states of a state and action."),
        number(
          "strength", 0...100, coupling == .dynamicsCoupled ? 0.5 : 1,
          "Strength of the coupling (at most 1 for coupled dynamics)."),
        integer("gameSeed", 0...Int.max, 0, "Seed of the game."),
      ]
    ) { values in
      let (steps, states) = (values.integer("lastStep"), values.integer("states"))
      let (actions, successors) = (values.integer("actions"), values.integer("successors"))
      let limit = coupling == .dynamicsCoupled ? 1 : Double.infinity
      let strength = min(values.number("strength"), limit)
      let seed = UInt64(values.integer("gameSeed"))
      return FiniteHorizonInstance(
        PreparedGame(
          MeanFieldGarnet<Double>(
            coupling: coupling, lastStep: steps, states: states, actions: actions,
            successors: successors, strength: strength, seed: seed)),
        single: PreparedGame(
          MeanFieldGarnet<Float>(
            coupling: .init(rawValue: coupling.rawValue) ?? .monotone, lastStep: steps,
            states: states, actions: actions, successors: successors, strength: strength,
            seed: seed)))
    }
  }
}
