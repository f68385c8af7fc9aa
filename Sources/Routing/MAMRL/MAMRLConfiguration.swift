import Learning
import Networks

/// Settings of the MAMRL family: every choice on which the paper, the released program and a sound
/// reading differ is one field.
public struct MAMRLConfiguration: AlgorithmConfiguration {
  /// What a router sees; default `one-hot` (the paper).
  public var observation = ObservationForm.oneHot
  /// Past own actions in the observation, 0…32; default 0 (paper: 10; left out to keep
  /// the input small, their effect alone has not been measured).
  public var pastActions = 0
  /// Hidden layers, 0…8; default 2 (paper: 5; two cost a tenth of the arithmetic).
  public var hiddenLayers = 2
  /// Units of each hidden layer, 1…1,024; default 64 (paper: 128).
  public var hiddenUnits = 64
  /// What decisions are paid by; default `packet-delay` (ours; published: `published-each-tick`).
  public var reward = RewardForm.packetDelay
  /// How routers estimate the network mean of a local number; default `metropolis`.
  public var consensus = ConsensusForm.metropolis
  /// β of Eq. 4 where the form has one, 0…1; default .1 (stable for degrees up to 10).
  public var consensusGain = 0.1
  /// Weight of −1 per packet lost at this router, 0…1,000; default 1 (Eq. 6).
  public var lossWeight = 1.0
  /// Weight of −1 per packet sent (hops), 0…1,000; default 0 (the paper's section 4.4 asks for it).
  public var hopWeight = 0.0
  /// Weight of −(own queue length) per tick, 0…1,000; default 0 (section 4.4).
  public var queueWeight = 0.0
  /// Weight of −(packets under way on the chosen arc) per packet sent, 0…1,000; default 0
  /// (section 4.4: link utilisation).
  public var utilisationWeight = 0.0
  /// Which return weighs a decision; default `advantage` (GAE over a linear-feature baseline).
  public var estimator = EstimatorForm.advantage
  /// Discount γ per tick, 0…1; default 1 (released program). What a packet's delay pays
  /// (`packet-delay`) is not discounted.
  public var discount = 1.0
  /// λ of GAE, 0…1; default 1 (released program). Of no meaning with `packet-delay`, whose return is
  /// the packet's own.
  public var lambda = 1.0
  /// Inner step size α, 0…10; default .01 (the paper, section 4.1).
  public var innerStepSize = 0.01
  /// Whether α stays as it is set or is learned (Meta-SGD); default `fixed`.
  public var innerStepSizes = StepSizeForm.fixed
  /// Step of learned step sizes along their own gradient, 0…1,000; default .01.
  public var stepSizeRate = 0.01
  /// Inner gradient steps, each on its own episodes, 0…10; default 1. 0: no adaptation at all.
  public var innerSteps = 1
  /// K: episodes per inner step and for the outer step, 1…1,000; default 8 (released: 15).
  public var episodesPerBatch = 8
  /// Environments per iteration, 1…64; default 1 (released: 1 static, 3 with failures).
  public var tasksPerIteration = 1
  /// Environments that training meets; default `intact`.
  public var environments = EnvironmentForm.intact
  /// The environments of the form `listed`: separated by semicolons, `intact` or links joined by `+`
  /// (A:B or @12), or a file with one of them a line; default empty.
  public var environmentList = ""
  /// Through the adaptation (second), or past it (first, Algorithm 1 as printed).
  public var order = MetaOrder.second
  /// The outer step; default `trpo` (the paper, section 4.1).
  public var outerStep = OuterStep.trpo
  /// Outer step size where the outer step is `gradient` or `adam`, 0…10; default .01.
  public var outerStepSize = 0.01
  /// The bound δ on the mean KL divergence of a trust-region step, in nats, 1e-9…10; default .05
  /// (released: .01).
  public var maximumDivergence = 0.05
  /// Conjugate-gradient steps, 1…100; default 10 (released program).
  public var conjugateGradientSteps = 10
  /// Added to the Fisher matrix's diagonal, 0…1; default 1e-5 (released program).
  public var damping = 1e-5
  /// Fisher products use every n-th decision, 1…1,000; default 10 (released: 1).
  public var fisherStride = 10
  /// Iterations of training, 1…1,000,000; default 60 (released: 300).
  public var iterations = 60
  /// Episodes per step at test time (K of Algorithm 2), 1…1,000; default 1 (published: 15).
  public var adaptationEpisodes = 1
  /// The step at test time; default `trust-region` (Algorithm 2: `gradient`).
  public var adaptationStep = AdaptationStep.trustRegion
  /// The bound on the mean KL divergence of a trust-region step at test time, in nats, 0…10; default
  /// 0: the same as in training.
  public var adaptationDivergence = 0.0
  /// Weight of the policy's entropy in normalised advantages, 0…10; default 0 (released program).
  public var entropyBonus = 0.0
  /// What routers do about links that the detector counts as failed; default `unseen` (the paper).
  public var failedLinks = FailedLinkForm.unseen
  /// What a packet lost in a failed link counts for, with per-packet credit; default `counted`.
  public var failureLosses = FailureLossForm.counted
  /// Losses in a row on a link, without a success, that count as its failure, 1…1,000; default 5
  /// (the paper: "continual packet losses").
  public var detectorLosses = 5

  public init() {}

  /// The published system: reward paid each tick as printed, everything else as released.
  public static var published: MAMRLConfiguration {
    var settings = MAMRLConfiguration()
    settings.reward = .publishedEachTick
    settings.consensus = .released
    settings.consensusGain = 0.5
    settings.pastActions = 10
    settings.hiddenLayers = 5
    settings.hiddenUnits = 128
    settings.episodesPerBatch = 15
    settings.maximumDivergence = 0.01
    settings.iterations = 300
    settings.adaptationEpisodes = 15
    settings.adaptationStep = .gradient
    return settings
  }

  /// The variant of seed 000: global state, global reward, joint ratio, one constraint per agent.
  public static var global: MAMRLConfiguration {
    var settings = MAMRLConfiguration()
    settings.observation = .global
    settings.reward = .globalBacklog
    settings.outerStep = .jointTrpo
    return settings
  }

  public static var fields: [ConfigurationField<Self>] {
    [
      .choice("observation", \.observation, "What a router sees."),
      .integer("pastActions", \.pastActions, 0...32, "Past own actions in the observation."),
      .integer("hiddenLayers", \.hiddenLayers, 0...8, "Hidden layers."),
      .integer("hiddenUnits", \.hiddenUnits, 1...1024, "Units of each hidden layer."),
      .choice("reward", \.reward, "What decisions are paid by."),
      .choice("consensus", \.consensus, "How routers estimate a network mean."),
      .number("consensusGain", \.consensusGain, 0...1, "Beta of Eq. 4."),
      .number("lossWeight", \.lossWeight, 0...1000, "Price of a packet lost here."),
      .number("hopWeight", \.hopWeight, 0...1000, "Price of a packet sent."),
      .number("queueWeight", \.queueWeight, 0...1000, "Price of a packet queued here, per tick."),
      .number(
        "utilisationWeight", \.utilisationWeight, 0...1000,
        "Price per packet under way on the chosen arc."),
      .choice("estimator", \.estimator, "Which return weighs a decision."),
      .number("discount", \.discount, 0...1, "Discount per tick."),
      .number("lambda", \.lambda, 0...1, "Lambda of generalised advantage estimation."),
      .number("innerStepSize", \.innerStepSize, 0...10, "Step size alpha of adaptation."),
      .choice("innerStepSizes", \.innerStepSizes, "Fixed or learned inner step sizes."),
      .number("stepSizeRate", \.stepSizeRate, 0...1000, "Step of learned inner step sizes."),
      .integer("innerSteps", \.innerSteps, 0...10, "Gradient steps of adaptation."),
      .integer("episodesPerBatch", \.episodesPerBatch, 1...1000, "Episodes K per batch."),
      .integer("tasksPerIteration", \.tasksPerIteration, 1...64, "Environments per iteration."),
      .choice("environments", \.environments, "Environments that training meets."),
      .text(
        "environmentList", \.environmentList,
        "Environments of the form listed: 'intact;A:B;C:D+@3', or a file with one a line."),
      .choice("order", \.order, "Order of the meta-gradient."),
      .choice("outerStep", \.outerStep, "The outer step."),
      .number("outerStepSize", \.outerStepSize, 0...10, "Step size of gradient and adam."),
      .number("maximumDivergence", \.maximumDivergence, 1e-9...10, "Bound on the KL divergence."),
      .integer(
        "conjugateGradientSteps", \.conjugateGradientSteps, 1...100, "Conjugate-gradient steps."),
      .number("damping", \.damping, 0...1, "Damping of the Fisher matrix."),
      .integer(
        "fisherStride", \.fisherStride, 1...1000, "Fisher products use every n-th decision."),
      .integer("iterations", \.iterations, 1...1_000_000, "Iterations of training."),
      .integer(
        "adaptationEpisodes", \.adaptationEpisodes, 1...1000, "Episodes per step at test time."),
      .choice("adaptationStep", \.adaptationStep, "The step at test time."),
      .number(
        "adaptationDivergence", \.adaptationDivergence, 0...10,
        "Bound on the KL divergence of a step at test time; 0: as in training."),
      .number("entropyBonus", \.entropyBonus, 0...10, "Weight of the policy's entropy."),
      .choice("failedLinks", \.failedLinks, "What routers do about links found failed."),
      .choice("failureLosses", \.failureLosses, "What packets lost in failed links count for."),
      .integer(
        "detectorLosses", \.detectorLosses, 1...1000, "Losses in a row that mean a failed link."),
    ]
  }

  var hidden: [Int] { [Int](repeating: hiddenUnits, count: hiddenLayers) }

  /// The trust region at test time.
  var adaptationRegion: TrustRegion {
    var region = trustRegion
    if adaptationDivergence > 0 { region.maximumDivergence = adaptationDivergence }
    return region
  }

  var trustRegion: TrustRegion {
    TrustRegion(
      maximumDivergence: maximumDivergence,
      conjugateGradient: ConjugateGradient(iterations: conjugateGradientSteps), damping: damping)
  }

  /// Episodes that one iteration plays.
  public var episodesPerIteration: Int {
    tasksPerIteration * episodesPerBatch * (innerSteps + 1)
  }
}

/// What a router sees.
public enum ObservationForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// Destination of the head packet, own past actions, busiest neighbour, each one-hot.
  case oneHot = "one-hot"
  /// The released program's seven unscaled integers, with its slip: the past actions are those of
  /// the busiest neighbour.
  case rawIntegers = "raw-integers"
  /// `one-hot`, and the head destinations and queue lengths of all routers (seed 000).
  case global
}

/// What decisions are paid by.
public enum RewardForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// Per decision: minus the ticks from it to the packet's delivery; never delivered counts to the
  /// horizon. A router hears it from the packet's acknowledgement.
  case packetDelay = "packet-delay"
  /// Eq. 6 as printed: own losses plus the consensus estimate of minus the mean delivery time.
  case publishedEachTick = "published-each-tick"
  /// As released: the estimate is paid at the last tick only.
  case publishedAtEnd = "published-at-end"
  /// Eq. 6 with the exact network mean in place of the estimate.
  case publishedExactMean = "published-exact-mean"
  /// Own losses only.
  case lossOnly = "loss-only"
  /// Minus the consensus estimate of the packets present per router: by Little's law their sum over
  /// ticks is the restricted delay of all packets, so nothing is gained by delivering less.
  case backlogShare = "backlog-share"
  /// `backlog-share` with the exact network mean.
  case globalBacklog = "global-backlog"
  /// Minus the packets present at this router only, told to nobody.
  case localBacklog = "local-backlog"
}

/// Which return weighs a decision.
public enum EstimatorForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// The whole trajectory's return, as Eq. 2 and Eq. 5 print it.
  case wholeTrajectory = "whole-trajectory"
  /// The return from the decision on.
  case rewardToGo = "reward-to-go"
  /// GAE over the linear-feature baseline, normalised per router.
  case advantage
}

/// Who chooses the step sizes of adaptation.
public enum StepSizeForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// The setting `innerStepSize`.
  case fixed
  /// One per router, learned.
  case perRouter = "per-router"
  /// One per router and layer, learned.
  case perLayer = "per-layer"
}

/// What routers do about links that the failure detector counts as failed.
public enum FailedLinkForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// Nothing: only their reward tells them.
  case unseen
  /// The routers at both ends send nothing into it, and their other neighbours share its probability;
  /// each episode begins with a new try.
  case masked
}

/// What a packet that was lost in a failed link counts for where packets carry the credit.
public enum FailureLossForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// As if delivered at the horizon, like every loss.
  case counted
  /// As the router's mean decision. With `masked` a failed link takes a fixed few packets until it is
  /// found: no policy saves them, but as outliers they drown the advantages of all others.
  case excused
}

/// The order of the meta-gradient.
public enum MetaOrder: String, Codable, Hashable, Sendable, CaseIterable { case first, second }

/// The step of Algorithm 2.
public enum AdaptationStep: String, Codable, Hashable, Sendable, CaseIterable {
  /// θ + α∇, as printed.
  case gradient
  /// One TRPO step.
  case trustRegion = "trust-region"
}

/// The outer step of training.
public enum OuterStep: String, Codable, Hashable, Sendable, CaseIterable {
  /// TRPO on the re-adapted surrogate, router by router.
  case trpo
  /// TRPO with the ratio of the joint policy and one divergence bound per agent (seed 000, Eq. 2).
  case jointTrpo = "joint-trpo"
  /// One step along the gradient (Algorithm 1 as printed).
  case gradient
  case adam
}
