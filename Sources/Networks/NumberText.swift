/// Numbers as text, the same on every machine and in every locale.
package enum NumberText {
  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  package static func exact(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 0x1p53 { return String(Int(value)) }
    return value.description
  }

  /// At most `digits` significant digits, for people.
  package static func short(_ value: Double, digits: Int = 6) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : value.description }
    var scale = 1.0
    var magnitude = value.magnitude
    while magnitude >= 10 {
      magnitude /= 10
      scale *= 10
    }
    while magnitude < 1 {
      magnitude *= 10
      scale /= 10
    }
    var power = 1.0
    for _ in 1..<digits { power *= 10 }
    let rounded = (value / scale * power).rounded()
    return exact(scale >= power ? rounded * (scale / power) : rounded / (power / scale))
  }
}
