/// A fixed number of elements at a fixed address: the flat arrays of the hot loop.
///
/// Owns its memory; the owner never hands the pointer out beyond its own life.
struct Storage<Element: BitwiseCopyable>: ~Copyable {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, fill: Element) {
    self.count = count
    pointer = .allocate(capacity: max(count, 1))
    pointer.initialize(repeating: fill, count: count)
  }

  init(_ elements: [Element]) {
    count = elements.count
    pointer = .allocate(capacity: max(count, 1))
    for (index, element) in elements.enumerated() {
      (pointer + index).initialize(to: element)
    }
  }

  deinit { pointer.deallocate() }

  func fill(_ element: Element) { pointer.update(repeating: element, count: count) }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { pointer[index] }
    nonmutating set { pointer[index] = newValue }
  }
}
