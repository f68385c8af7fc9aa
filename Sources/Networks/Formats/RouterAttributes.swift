/// The names by which files of free-form attributes give a router's name and places. Names are
/// compared without case.
///
/// | attribute | becomes |
/// |---|---|
/// | `label`, `name` | name |
/// | `Latitude`, `lat`; `Longitude`, `lon`, `long`, `lng` | coordinate |
/// | `x`, `y`, `posx`, `posy` | drawing position |
struct RouterAttributes {
  private(set) var name: String?
  private(set) var coordinate: GeographicCoordinate?
  private(set) var position: DrawingPosition?

  init(_ attributes: [LinkAttributes.Attribute], builder: inout NetworkBuilder) {
    var values: [Int: Double] = [:]
    for attribute in attributes {
      let key = attribute.name.lowercased()
      if key == "label" || (key == "name" && name == nil) {
        let text = NetworkBuilder.clean(attribute.text)
        if !text.isEmpty && text != "None" { name = text }
      } else if let slot = Self.slots.firstIndex(where: { $0.contains(key) }) {
        let text = NetworkBuilder.clean(attribute.text)
        values[slot] = InputText.number(text)
        if values[slot] == nil && !text.isEmpty && text != "None" {
          builder.log.add(
            .number, line: attribute.line,
            "\(attribute.name) '\(text.prefix(40))' is not a number; ignored")
        }
      }
    }
    if let latitude = values[0], let longitude = values[1] {
      coordinate = GeographicCoordinate(latitude: latitude, longitude: longitude)
    }
    if let x = values[2], let y = values[3] { position = DrawingPosition(x: x, y: y) }
  }

  private static let slots = [
    ["latitude", "lat"], ["longitude", "lon", "long", "lng"], ["x", "posx"], ["y", "posy"],
  ]
}
