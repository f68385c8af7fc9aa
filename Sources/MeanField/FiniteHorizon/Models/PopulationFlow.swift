/// The laws of all populations at all steps under some policy, in flat buffers.
public final class PopulationFlow<Scalar: FlowScalar>: @unchecked Sendable {
  /// `[population][step][state]`.
  package let laws: FlatBuffer<Scalar>
  /// `[population][step][action][state]` where the game reads the joint law, else one step of it.
  package let joint: FlatBuffer<Scalar>
  package let keepsJoint: Bool
  /// What the game's functions are handed at each step.
  let meanFields: [StepMeanField<Scalar>]
  /// Rows of transitions that depend on the mean field, per population and step.
  private(set) var rowTargets: [[UnsafeMutablePointer<Int32>]] = []
  private(set) var rowProbabilities: [[UnsafeMutablePointer<Scalar>]] = []

  package init(_ game: PreparedGame<Scalar>) {
    let layout = TableLayout(shapes: game.shapes, stepCount: game.stepCount)
    laws = FlatBuffer(count: layout.lawCount)
    keepsJoint = game.readsJointLaw
    let pairs = game.shapes.reduce(0) { $0 + $1.pairCount }
    let laws = laws
    let joint = FlatBuffer<Scalar>(count: keepsJoint ? layout.tableCount : pairs)
    self.joint = joint
    var fields: [StepMeanField<Scalar>] = []
    for step in 0..<game.stepCount {
      fields.append(
        StepMeanField(
          stateLaws: game.shapes.indices.map { UnsafePointer(laws.base + layout.law($0, step)) },
          jointLaws: game.readsJointLaw
            ? game.shapes.indices.map { UnsafePointer(joint.base + layout.table($0, step)) } : [],
          shapes: game.shapes))
    }
    meanFields = fields
    allocateRows(game)
  }

  private func allocateRows(_ game: PreparedGame<Scalar>) {
    for (population, kernel) in game.kernels.enumerated() {
      var targets: [UnsafeMutablePointer<Int32>] = []
      var probabilities: [UnsafeMutablePointer<Scalar>] = []
      if case .meanField(let rows) = kernel {
        let count = rows.outcomesPerRow * game.shapes[population].pairCount
        for _ in 0..<game.lastStep {
          let next = UnsafeMutablePointer<Int32>.allocate(capacity: count)
          next.initialize(repeating: 0, count: count)
          let p = UnsafeMutablePointer<Scalar>.allocate(capacity: count)
          p.initialize(repeating: 0, count: count)
          targets.append(next)
          probabilities.append(p)
        }
      }
      rowTargets.append(targets)
      rowProbabilities.append(probabilities)
    }
  }

  deinit {
    for pointers in rowTargets { for pointer in pointers { pointer.deallocate() } }
    for pointers in rowProbabilities { for pointer in pointers { pointer.deallocate() } }
  }
}
