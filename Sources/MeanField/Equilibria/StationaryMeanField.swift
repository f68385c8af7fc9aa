/// Finds the stationary mean field z* = Φ(z*, π) of a policy.
///
/// ```swift
/// let field = StationaryMeanField.find(malware, policy: policy)
/// field.states  // z*, with field.residual = |Φ(z*, π) − z*|₁
/// ```
///
/// ## Method
/// Where transitions do not depend on the law, z* is the stationary distribution of a Markov chain
/// that is reached from ξ₀: the chain is split into its closed classes, the distribution inside a
/// class is found by elimination without subtraction, and the classes are weighted by the
/// probability of being absorbed in them from ξ₀. Otherwise z ← (1 − w) z + w Φ(z, π) is iterated
/// with w = `damping` until the residual is below `tolerance`.
///
/// - Algorithm: stationary-mean-field | Subramanian & Mahajan, 2019 | equation 1 | exact check passed
/// - Source: Subramanian, Mahajan (2019), *Reinforcement learning in stationary mean-field games*,
///   AAMAS; equation (1).
/// - Differs: the paper assumes a limit that does not depend on the start; a reducible chain is
///   resolved by ξ₀ here.
/// - Complexity: O(S³) for decoupled chains up to 256 states, else O(transitions) an iteration.
/// - Verified: `StationaryMeanFieldTests`.
public struct StationaryMeanField: Sendable, Hashable {
  /// z*.
  public let states: [Double]
  /// |Φ(z*, π) − z*|₁.
  public let residual: Double
  public let iterations: Int

  public static func find(
    _ model: some StationaryModel, policy: StationaryPolicy, start: [Double]? = nil,
    damping: Double = 0.5, tolerance: Double = 1e-13, maximumIterations: Int = 100_000
  ) -> StationaryMeanField {
    var states = start ?? model.initialDistribution
    if !model.transitionsDependOnLaw {
      let frozen = FrozenModel(model, law: PopulationLaw(states: states, policy: policy))
      return find(frozen, policy: policy, start: states, tolerance: tolerance)
    }
    var residual = Double.infinity
    var iterations = 0
    while iterations < maximumIterations && residual > tolerance {
      let frozen = FrozenModel(model, law: PopulationLaw(states: states, policy: policy))
      let next = frozen.push(states, policy: policy)
      residual = zip(next, states).reduce(0) { $0 + abs($1.0 - $1.1) }
      for index in states.indices { states[index] += damping * (next[index] - states[index]) }
      iterations += 1
    }
    return StationaryMeanField(states: states, residual: residual, iterations: iterations)
  }

  /// The stationary distribution of a frozen model under a policy, reached from `start`.
  public static func find(
    _ frozen: FrozenModel, policy: StationaryPolicy, start: [Double], tolerance: Double = 1e-13,
    maximumIterations: Int = 1_000_000
  ) -> StationaryMeanField {
    if frozen.stateCount <= DynamicProgramming.denseLimit {
      let states = MarkovChain(frozen.transitionMatrix(policy)).limit(from: start)
      return StationaryMeanField(
        states: states, residual: residual(frozen, states, policy), iterations: 1)
    }
    var states = start
    var change = Double.infinity
    var iterations = 0
    while iterations < maximumIterations && change > tolerance {
      let next = frozen.push(states, policy: policy)
      change = zip(next, states).reduce(0) { $0 + abs($1.0 - $1.1) }
      // Averaging keeps a periodic chain from oscillating; the fixed point is the same.
      for index in states.indices { states[index] = 0.5 * (states[index] + next[index]) }
      iterations += 1
    }
    return StationaryMeanField(states: states, residual: change, iterations: iterations)
  }

  private static func residual(
    _ frozen: FrozenModel, _ states: [Double], _ policy: StationaryPolicy
  ) -> Double {
    zip(frozen.push(states, policy: policy), states).reduce(0) { $0 + abs($1.0 - $1.1) }
  }
}

/// A finite Markov chain, split into classes: where it ends up from a given start.
struct MarkovChain {
  private let matrix: [[Double]]
  /// The closed communicating classes, each a sorted list of states.
  private let closedClasses: [[Int]]

  init(_ matrix: [[Double]]) {
    self.matrix = matrix
    closedClasses = Self.closedClasses(of: matrix)
  }

  /// The Cesàro limit of the distribution that starts at `start`.
  func limit(from start: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: matrix.count)
    let weights = closedClasses.count == 1 ? [1] : absorption(from: start)
    for (members, weight) in zip(closedClasses, weights) {
      let block = members.map { row in members.map { matrix[row][$0] } }
      for (state, share) in zip(members, LinearSystem.stationary(block)) {
        result[state] = weight * share
      }
    }
    return result
  }

  /// The probability of ending in each closed class.
  private func absorption(from start: [Double]) -> [Double] {
    var classOf = [Int](repeating: -1, count: matrix.count)
    for (index, members) in closedClasses.enumerated() {
      for state in members { classOf[state] = index }
    }
    let transient = matrix.indices.filter { classOf[$0] < 0 }
    let system = transient.map { row in
      transient.map { (row == $0 ? 1 : 0) - matrix[row][$0] }
    }
    return closedClasses.indices.map { index in
      let direct = transient.map { row in
        closedClasses[index].reduce(0) { $0 + matrix[row][$1] }
      }
      let reached = LinearSystem.solve(system, direct)
      let fromTransient = zip(transient, reached).reduce(0) { $0 + start[$1.0] * $1.1 }
      return closedClasses[index].reduce(fromTransient) { $0 + start[$1] }
    }
  }

  /// Tarjan's strongly connected components, without recursion, keeping those that are never left.
  private static func closedClasses(of matrix: [[Double]]) -> [[Int]] {
    let successors = matrix.map { row in row.indices.filter { row[$0] > 0 } }
    var search = ComponentSearch(successors: successors)
    return search.components().filter { members in
      let inside = Set(members)
      return members.allSatisfy { successors[$0].allSatisfy(inside.contains) }
    }
  }
}

/// Strongly connected components of a directed graph.
///
/// - Source: Tarjan (1972), *Depth-first search and linear graph algorithms*, SIAM J. Computing 1(2).
private struct ComponentSearch {
  let successors: [[Int]]
  private var order: [Int]
  private var low: [Int]
  private var onStack: [Bool]
  private var stack: [Int] = []
  private var counter = 0
  private var found: [[Int]] = []

  init(successors: [[Int]]) {
    self.successors = successors
    order = [Int](repeating: -1, count: successors.count)
    low = order
    onStack = [Bool](repeating: false, count: successors.count)
  }

  mutating func components() -> [[Int]] {
    for root in successors.indices where order[root] < 0 { visit(root) }
    return found.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
  }

  private mutating func visit(_ root: Int) {
    var path: [(node: Int, next: Int)] = [(root, 0)]
    open(root)
    while let top = path.last {
      if top.next < successors[top.node].count {
        path[path.count - 1].next += 1
        let child = successors[top.node][top.next]
        if order[child] < 0 {
          open(child)
          path.append((child, 0))
        } else if onStack[child] {
          low[top.node] = min(low[top.node], order[child])
        }
      } else {
        path.removeLast()
        if let parent = path.last?.node { low[parent] = min(low[parent], low[top.node]) }
        if low[top.node] == order[top.node] { close(top.node) }
      }
    }
  }

  private mutating func open(_ node: Int) {
    order[node] = counter
    low[node] = counter
    counter += 1
    stack.append(node)
    onStack[node] = true
  }

  private mutating func close(_ root: Int) {
    var members: [Int] = []
    while let node = stack.popLast() {
      onStack[node] = false
      members.append(node)
      if node == root { break }
    }
    found.append(members.sorted())
  }
}
