/// A mean-field game over finitely many steps, states and actions, with one or more populations.
///
/// ```swift
/// struct LeftOrRight: FiniteHorizonGame {
///   let name = "left-right"
///   let lastStep = 1
///   let populations = [PopulationShape(states: 3, actions: 2)]
///   func initialLaw(of population: Int) -> [Double] { [1, 0, 0] }
///   func transitions(of population: Int) -> TransitionModel<Double> {
///     .fixed(SparseTransitions(states: 3, actions: 2) { _, action in [(1 + action, 1)] })
///   }
///   func fillRewards(
///     step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Double>,
///     into rewards: RewardWriter<Double>
///   ) {
///     for s in states { rewards[s] = -Double(s) * meanField[state: s] }
///   }
/// }
/// ```
///
/// ## Method
/// Time runs t = 0…`lastStep`, undiscounted, with a reward at every t. Population k's law over
/// states and actions is `L_t(s, a) = μ_t(s) π_t(a|s)`. Rewards and transitions at t may depend on
/// the laws of all populations at t.
public protocol FiniteHorizonGame<Scalar>: Sendable {
  associatedtype Scalar: FlowScalar
  /// Full name in kebab-case.
  var name: String { get }
  /// T: the last step at which an action is chosen and a reward paid; there are T + 1 of them.
  var lastStep: Int { get }
  var populations: [PopulationShape] { get }
  /// Whether rewards or transitions read the joint law of states and actions; where false, only
  /// the law of states is handed to them.
  var readsJointLaw: Bool { get }
  /// Whether the reward in a state reads the laws only at that state (congestion): derivatives then
  /// cost a few passes in all, where they otherwise cost a few for each state. Default false.
  var rewardsReadOwnStateOnly: Bool { get }
  /// The law of states at t = 0: one entry a state, sum one.
  func initialLaw(of population: Int) -> [Scalar]
  func transitions(of population: Int) -> TransitionModel<Scalar>
  /// Writes the rewards of one population at one step for a range of states and all actions.
  ///
  /// The range is the whole state space except in games with very many states, where pieces of it
  /// are filled on several threads.
  func fillRewards(
    step: Int, population: Int, states: Range<Int>, meanField: StepMeanField<Scalar>,
    into rewards: RewardWriter<Scalar>)
}

extension FiniteHorizonGame {
  public var readsJointLaw: Bool { false }
  public var rewardsReadOwnStateOnly: Bool { false }
}

/// The sizes of one population.
public struct PopulationShape: Sendable, Hashable {
  public var name: String
  public var stateCount: Int
  public var actionCount: Int
  /// True where a reward is the same for all actions: then it is written and read once a state.
  public var rewardsIgnoreAction: Bool
  /// `available[state * actionCount + action]`; nil where every action is always available.
  public var available: [Bool]?
  /// Where the states lie on a grid, for pictures; nil where they do not.
  public var grid: GridShape?

  public init(
    name: String = "population", states: Int, actions: Int, rewardsIgnoreAction: Bool = false,
    available: [Bool]? = nil, grid: GridShape? = nil
  ) {
    precondition(states > 0 && actions > 0, "a population needs states and actions")
    precondition(
      available.map { $0.count == states * actions } ?? true,
      "`available` needs one entry for each of \(states * actions) state–action pairs")
    self.name = name
    self.stateCount = states
    self.actionCount = actions
    self.rewardsIgnoreAction = rewardsIgnoreAction
    self.available = available
    self.grid = grid
  }

  public var pairCount: Int { stateCount * actionCount }
}

/// The laws of all populations at one step, as rewards and transitions see them.
///
/// Valid only inside the call that received it.
public struct StepMeanField<Scalar: FlowScalar> {
  package let stateLaws: [UnsafePointer<Scalar>]
  package let jointLaws: [UnsafePointer<Scalar>]
  package let shapes: [PopulationShape]

  /// The share of a population that is in a state.
  @inlinable
  public subscript(state state: Int, population population: Int = 0) -> Scalar {
    stateLaw(population)[state]
  }

  /// The share of a population that is in a state and takes an action (`readsJointLaw` games).
  @inlinable
  public subscript(state state: Int, action action: Int, population population: Int = 0) -> Scalar {
    jointLaw(population)[action * stateCount(population) + state]
  }

  public func stateCount(_ population: Int = 0) -> Int { shapes[population].stateCount }

  /// The law of states, one number a state.
  public func stateLaw(_ population: Int = 0) -> UnsafePointer<Scalar> { stateLaws[population] }

  /// The joint law; entry (s, a) is at `a * stateCount + s`.
  public func jointLaw(_ population: Int = 0) -> UnsafePointer<Scalar> {
    precondition(!jointLaws.isEmpty, "a game that reads the joint law declares readsJointLaw")
    return jointLaws[population]
  }
}

/// Where a game writes its rewards.
public struct RewardWriter<Scalar: FlowScalar> {
  /// Entry (state, action) is at `action * stateCount + state`.
  public let base: UnsafeMutablePointer<Scalar>
  public let stateCount: Int
  /// The number of rows that are kept: all actions, or one where rewards ignore the action.
  public let rowCount: Int

  package init(base: UnsafeMutablePointer<Scalar>, stateCount: Int, rowCount: Int) {
    self.base = base
    self.stateCount = stateCount
    self.rowCount = rowCount
  }

  /// The reward of one action in one state.
  @inlinable
  public subscript(state: Int, action: Int) -> Scalar {
    get { base[action * stateCount + state] }
    nonmutating set { base[action * stateCount + state] = newValue }
  }

  /// The same reward for every action in a state.
  @inlinable
  public subscript(state: Int) -> Scalar {
    get { base[state] }
    nonmutating set {
      for row in 0..<rowCount { base[row * stateCount + state] = newValue }
    }
  }
}

/// Elementwise functions over buffers, several times faster than a loop over `Foundation.log`.
public enum VectorMath {
  /// `out[i] = log(x[i])`; the buffers may be the same.
  public static func log<Scalar: FlowScalar>(
    _ count: Int, _ x: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) { Scalar.log(count, x, out) }

  /// `out[i] = exp(x[i])`; the buffers may be the same.
  public static func exp<Scalar: FlowScalar>(
    _ count: Int, _ x: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) { Scalar.exp(count, x, out) }
}
