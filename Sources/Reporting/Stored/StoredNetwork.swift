/// The network of a run: `network.json`.
public struct StoredNetwork: Codable, Sendable, Hashable {
  public struct Router: Codable, Sendable, Hashable {
    public var name: String
    /// On a drawing, y upwards, in any unit; nil where the file gave no place.
    public var x: Double?
    public var y: Double?

    public init(name: String, x: Double? = nil, y: Double? = nil) {
      self.name = name
      self.x = x
      self.y = y
    }
  }
  public struct Link: Codable, Sendable, Hashable {
    public var source: Int
    public var target: Int

    public init(source: Int, target: Int) {
      self.source = source
      self.target = target
    }
  }
  public var name: String
  public var routers: [Router]
  public var links: [Link]

  public init(name: String, routers: [Router], links: [Link]) {
    self.name = name
    self.routers = routers
    self.links = links
  }

  /// Reads a run folder.
  public init(folder: String) throws(ReportError) {
    self = try StoredFiles.decode(StoredNetwork.self, folder + "/network.json")
    let count = routers.count
    guard
      links.allSatisfy({ (0..<count).contains($0.source) && (0..<count).contains($0.target) })
    else {
      throw ReportError(
        .input, "'\(folder)/network.json' has a link to a router that is not there.")
    }
  }
}
