/// Small files written for these tests, one for every format, with the traps of the real ones.
enum Fixtures {
  /// A multigraph with a self-loop, a repeated label, a missing coordinate, a separate router, keys
  /// whose ids say nothing, and an edge before its node.
  static let graphml = """
    <?xml version="1.0" encoding="utf-8"?>
    <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
      <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d9" />
      <key attr.name="LinkLabel" attr.type="string" for="edge" id="d8" />
      <key attr.name="label" attr.type="string" for="node" id="d3" />
      <key attr.name="Longitude" attr.type="double" for="node" id="d2" />
      <key attr.name="Latitude" attr.type="double" for="node" id="d1" />
      <key attr.name="label" attr.type="string" for="graph" id="d0" />
      <graph edgedefault="undirected">
        <data key="d0">Tiny</data>
        <edge source="0" target="1"><data key="d9">10000000000.0</data></edge>
        <node id="0"><data key="d1">52.5</data><data key="d2">13.4</data><data key="d3">Berlin</data></node>
        <node id="1"><data key="d1">48.1</data><data key="d2">11.6</data><data key="d3">M&#252;nchen</data></node>
        <node id="2"><data key="d3">Berlin</data></node>
        <node id="3"><data key="d3">None</data></node>
        <edge source="1" target="0"><data key="d8">second &lt;fibre&gt;</data></edge>
        <edge source="1" target="2"><data key="d9">155e6</data></edge>
        <edge source="2" target="2"/>
      </graph>
    </graphml>
    """

  /// Numbered from 0, tabs and blanks mixed, one link without an opposite, no probability in places.
  static let teavar = """
    to_node\tfrom_node   capacity\tprob_failure
    1\t0   1000\t.001
    0   1\t1000\t.001
    2 1 500 .002
    1 2 500 .002
    0 2 250
    """

  static let json = """
    {
      "format": "wayfield-topology", "version": 1, "name": "tri\\u00e4ngle", "capacityUnit": "Mbit/s",
      "routers": [
        {"name": "A", "latitude": 52.5, "longitude": 13.4},
        {"name": "B", "x": 0, "y": 1},
        {"name": "C"}
      ],
      "links": [
        {"from": "A", "to": "B", "capacity": 1000, "latency": 3, "label": "north"},
        {"from": 1, "to": "C", "directed": true, "delayMilliseconds": 1.5, "weight": 10},
        {"from": "A", "to": "C", "failureProbability": 0.01}
      ],
      "sharedRiskGroups": [{"name": "duct", "links": ["A:B", "@2"]}],
      "traffic": {"unit": "Mbit/s", "matrices": [[0, 5, 7, 1, 0, 2, 3, 4, 0], [0, 1, 1, 1, 0, 1, 1, 1, 0]]}
    }
    """

  static let publishedJSON = """
    {"data": {"mapTopology": {
      "nodes": [{"name": "A", "posx": 0.1, "posy": 0.9}, {"name": "B", "posx": 0.5, "posy": 0.5}],
      "edges": [{"name": "edge1", "from": "A", "to": "B", "BW": 5000000, "Lat": 3}]
    }}}
    """
}
