import Networks

/// Which update the routers use to agree on a mean.
public enum ConsensusForm: String, Codable, Hashable, Sendable, CaseIterable {
  /// Eq. 4 as printed: the sign drives the estimates apart.
  case printed
  /// The released program: right sign, divided by the router's own degree; settles at the
  /// degree-weighted mean.
  case released
  /// Weights 1/(1 + max(dᵢ, dⱼ)): symmetric, so the mean is kept; stable on every graph.
  case metropolis
}

/// Lets every router estimate the network mean of a number that each of them measures and that may
/// change from tick to tick, by talking to neighbours over the links that are up.
///
/// ```swift
/// var consensus = Consensus(topology: topology, form: .metropolis, gain: 0.1)
/// consensus.step(measured) { _ in true }
/// let estimates = consensus.estimates                 // one per router
/// ```
///
/// ## Method
/// `x_i = r_i − y_i`, then with `N_i` the neighbours over links that are up
/// - printed: `y_i += β Σ_{j∈N_i} (x_j − x_i)` (Eq. 4);
/// - released: `y_i += (β/|N_i|) Σ_{j∈N_i} (x_i − x_j)`;
/// - Metropolis: `y_i += Σ_{j∈N_i} (x_i − x_j) / (1 + max(|N_i|, |N_j|))`.
///
/// With the corrected sign and symmetric weights `Σ y` stays 0, so the x converge to the mean of r at
/// the rate of the second largest absolute eigenvalue of `I − L`, L being the weighted Laplacian. The
/// printed sign multiplies every difference by more than one each tick: it diverges. Dividing by
/// one's own degree keeps `Σ |N_i| x_i` instead: the estimates settle at the degree-weighted mean.
///
/// - Source: the MAMRL paper, Eq. 4, after Kia et al. (2019), *Tutorial on dynamic average
///   consensus*, IEEE Control Systems 39(3); weights: Xiao, Boyd, Lall (2005).
/// - Algorithm: dynamic-consensus | Kia et al., 2019 | Eq. 4 of MAMRL | exact check passed
/// - Differs: see the forms; the default is not the printed one, because that diverges.
/// - Shapes: one number per router.
/// - Randomness: none.
/// - Complexity: O(arcs) a step; one number told per arc and tick.
/// - Verified: `ConsensusTests` (mean, rate, divergence, degree-weighted mean, links going down),
///   `CutOffConsensusTests` (in a world with a failed link).
public struct Consensus: Sendable, Hashable {
  public let form: ConsensusForm
  public let gain: Double
  private let pairs: [Pair]
  private let routerCount: Int
  private var corrections: [Double]
  /// The routers' estimates of the mean after the last step.
  public private(set) var estimates: [Double]

  public init(topology: Topology, form: ConsensusForm, gain: Double) {
    self.form = form
    self.gain = gain
    routerCount = topology.routerCount
    // One entry per link: routers talk both ways over it, also where traffic goes one way only.
    pairs = topology.links.enumerated().compactMap { index, link in
      link.source == link.target
        ? nil : Pair(a: link.source.index, b: link.target.index, link: LinkID(index))
    }
    corrections = [Double](repeating: 0, count: topology.routerCount)
    estimates = corrections
  }

  /// Forgets everything: the start of an episode.
  public mutating func reset() {
    for index in corrections.indices {
      corrections[index] = 0
      estimates[index] = 0
    }
  }

  /// Two routers with a link between them.
  private struct Pair: Hashable {
    var a: Int
    var b: Int
    var link: LinkID
  }

  /// One exchange: `measured` are the routers' own numbers now.
  public mutating func step(_ measured: [Double], isUp: (LinkID) -> Bool) {
    for i in estimates.indices { estimates[i] = measured[i] - corrections[i] }
    var degrees = [Double](repeating: 0, count: routerCount)
    for pair in pairs where isUp(pair.link) {
      degrees[pair.a] += 1
      degrees[pair.b] += 1
    }
    var change = [Double](repeating: 0, count: routerCount)
    for pair in pairs where isUp(pair.link) {
      let (a, b) = (pair.a, pair.b)
      let difference = estimates[a] - estimates[b]
      switch form {
      case .printed:
        change[a] -= gain * difference
        change[b] += gain * difference
      case .released:
        change[a] += gain / degrees[a] * difference
        change[b] -= gain / degrees[b] * difference
      case .metropolis:
        let weight = 1 / (1 + max(degrees[a], degrees[b]))
        change[a] += weight * difference
        change[b] -= weight * difference
      }
    }
    for i in corrections.indices { corrections[i] += change[i] }
  }
}
