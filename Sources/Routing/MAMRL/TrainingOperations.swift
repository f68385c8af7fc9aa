import Learning

/// Counts the floating-point operations that an iteration of training spends in dense layers.
///
/// ## Method
/// A dense layer of `in × out` weights costs `2·in·out` operations a row: the unit. Per row, forward 1
/// unit; gradient 2 more; derivative along a direction 2; product with the Hessian 7, that derivative
/// included, or 6 where what does not depend on the vector is kept, once 1; Fisher product 4. One
/// iteration of the router with `I` decisions of inner steps and `O` of outer episodes then takes
/// - episodes: `I + O`; adaptation: `3 I`; the same path again for the outer step, whose gradients are
///   known: `I`;
/// - outer policy and gradient: `3 O`, through the adaptation another `7 I` (second order);
/// - each evaluation of the line search: `3 I + O`;
/// - on every n-th decision (n > 1) first the policies and what is kept, `(O + 2 I) / n`, then each
///   Fisher product, `(4 O + 12 I) / n` (first order: without the `I`).
/// These are the operations of the dense arithmetic: terms that are zero are counted, though the
/// kernels leave most of them out.
/// The sparse first layer is additions of rows and is left out.
struct TrainingOperations {
  private let policies: RouterNetworks
  private let settings: MAMRLConfiguration

  init(_ policies: RouterNetworks, _ settings: MAMRLConfiguration) {
    self.policies = policies
    self.settings = settings
  }

  func count(_ tasks: [TaskData], _ updates: [RouterUpdate]) -> Double {
    updates.indices.reduce(0) { sum, router in
      let inner = tasks.reduce(0) { $0 + $1.inner.reduce(0) { $0 + $1[router].rows } }
      let outer = tasks.reduce(0) { $0 + $1.outer[router].rows }
      return sum + unit(router)
        * passes(Double(inner), Double(outer), updates[router])
    }
  }

  private func passes(_ inner: Double, _ outer: Double, _ update: RouterUpdate) -> Double {
    let isSecond = settings.order == .second
    let stride = Double(settings.fisherStride)
    return 5 * inner + 4 * outer + (isSecond ? 7 * inner : 0)
      + Double(update.evaluations) * (3 * inner + outer)
      + ((stride > 1 ? outer : 0) + (isSecond ? (stride > 1 ? 2 : 1) * inner : 0)) / stride
      + Double(update.fisherProducts) * (4 * outer + (isSecond ? 12 * inner : 0)) / stride
  }

  private func unit(_ router: Int) -> Double {
    let network = policies.networks[router]
    let isSparse = policies.layout.form != .rawIntegers
    return network.layers.dropFirst(isSparse ? 1 : 0).reduce(0) {
      $0 + 2 * Double($1.inputs) * Double($1.outputs)
    }
  }
}
