import Foundation

extension GeographicCoordinate {
  /// The distance along the earth's surface in kilometres, on a sphere of radius 6371.0088 km.
  ///
  /// - Source: the haversine formula; Sinnott (1984), *Virtues of the haversine*, Sky and Telescope
  ///   68. The radius is the mean radius of the GRS 80 ellipsoid.
  public func kilometres(to other: GeographicCoordinate) -> Double {
    let degree = Double.pi / 180
    let (a, b) = (latitude * degree, other.latitude * degree)
    let halfLatitude = sin((b - a) / 2)
    let halfLongitude = sin((other.longitude - longitude) * degree / 2)
    let h = halfLatitude * halfLatitude + cos(a) * cos(b) * halfLongitude * halfLongitude
    return 2 * 6371.0088 * asin(min(1, h.squareRoot()))
  }
}
