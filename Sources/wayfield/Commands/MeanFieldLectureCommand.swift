import Experiments
import MeanField
import Networks

/// `wayfield meanfield lecture`: when does the lecture start?
enum MeanFieldLectureCommand: Command {
  private static let cost = ValueType<Double>.number(0...1e6, placeholder: "cost")
  static let scheduled = Argument<Double>.option(
    "scheduled", .number(-1e9...1e9, placeholder: "t"), default: 0, help: "The scheduled start.")
  static let alpha = Argument<Double>.option(
    "alpha", cost, default: 1, help: "Cost of arriving after the scheduled start.")
  static let beta = Argument<Double>.option(
    "beta", cost, default: 1, help: "Cost of arriving after the actual start.")
  static let gamma = Argument<Double>.option(
    "gamma", cost, default: 1, help: "Cost of waiting for the actual start.")
  static let quantile = Argument<Double>.option(
    "quantile", .number(1e-9...0.999_999_999, placeholder: "q"), default: 0.9,
    help: "The share of participants that must have come.")
  static let sigmas = Argument<[Double]>.option(
    "sigmas", ValueType<Double>.number(1e-9...1e9, placeholder: "s").list(), default: [1],
    defaultText: "1", help: "Scales of the arrival noise.")
  static let weights = Argument<[Double]?>.optional(
    "weights", ValueType<Double>.number(1e-12...1e12, placeholder: "w").list(),
    help: "Shares of participants with each scale; left out: equal.")

  static let declaration = CommandDeclaration(
    name: "lecture", summary: "Finds when the lecture starts, or shows that it never does.",
    examples: [
      "wayfield meanfield lecture --beta 2 --sigmas 0.5,1,2 --json",
      "wayfield meanfield lecture --gamma 2",
    ],
    arguments: [scheduled, alpha, beta, gamma, quantile, sigmas, weights])

  static func run(_ input: Invocation) throws -> CommandResult {
    let scales = try input[sigmas]
    let shares = try input[weights] ?? scales.map { _ in 1 }
    guard shares.count == scales.count else {
      throw InputError(
        file: "--weights", value: "\(shares.count) numbers",
        expected: "there are \(scales.count) scales in --sigmas")
    }
    let (beta, gamma) = (try input[self.beta], try input[self.gamma])
    guard beta + gamma > 0 else {
      throw InputError(file: "--beta", value: "0", expected: "beta or gamma must be positive")
    }
    let game = LectureStart(
      scheduled: try input[scheduled], latenessCost: try input[alpha], missedCost: beta,
      waitingCost: gamma, quantile: try input[quantile], scales: scales, weights: shares)
    return result(game.equilibrium(), scales)
  }

  private static func result(_ outcome: LectureStart.Outcome, _ scales: [Double]) -> CommandResult {
    switch outcome {
    case .exists(let start, let residual, let intentions):
      return CommandResult(
        json: [
          "equilibrium": .number(start), "reason": .null, "residual": .number(residual),
          "intendedArrivals": .numbers(intentions),
        ],
        text: "The lecture starts at \(start).\n"
          + zip(scales, intentions).map { "sigma \($0): aim at \($1)" }.joined(separator: "\n"))
    case .noFiniteEquilibrium(let growth):
      let reason =
        "no finite equilibrium: whatever start is expected, the actual one is later, in the end by \(growth)"
      return CommandResult(
        json: ["equilibrium": .null, "reason": .string(reason), "growth": .optional(growth)],
        text: "There is \(reason).")
    case .unbounded(let reason):
      return CommandResult(
        json: ["equilibrium": .null, "reason": .string(reason)],
        text: "There is no equilibrium: \(reason).")
    }
  }
}
