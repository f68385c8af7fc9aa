extension Fixtures {
  /// Repeated edges without `multigraph 1`, an entity, a graphics block, a comment, a self-loop.
  static let gml = """
    Creator "by hand"
    graph [
      label "Tiny"
      # a comment
      node [ id 7 label "K&#248;benhavn" Latitude 55.7 Longitude 12.6 ]
      node [
        id 3
        label "Berlin"
        graphics [ x 10.5 y -2 ]
      ]
      node [ id 5 label "Berlin" ]
      edge [ source 7 target 3 LinkLabel "one &amp; two" LinkSpeed "2.5" LinkSpeedUnits "G" ]
      edge [ source 7 target 3 LinkSpeedRaw 155000000.0 ]
      edge [ source 5 target 5 ]
      edge [ source 5 target 3 weight 4 ]
    ]
    """

  /// No pre-installed capacity on two links, parallel links, a demand listed in one direction only.
  static let sndlibNative = """
    ?SNDlib native format; type: network; version: 1.0
    # network tiny

    META (
      granularity = 1day
      unit = MBITPERSEC
      origin = somebody, (in brackets) and, commas
    )

    NODES (
      Gdansk ( 18.60 54.20 )
      Warsaw ( 21.00 52.20 )
      Nowhere
    )

    LINKS (
      L1 ( Gdansk Warsaw ) 0.00 0.00 0.00 156.00 ( 622.00 468.00 155.00 156.00 )
      L2 ( Gdansk Warsaw ) 40.00 0.00 3.00 0.00 ( )
      L3 ( Warsaw Nowhere ) 0.00 0.00 0.00 0.00 ( 155.00 1.00 )
    )

    DEMANDS (
      D1 ( Gdansk Warsaw ) 1 195.00 UNLIMITED
      D2 ( Gdansk Warsaw ) 2 5.00 7
    )

    ADMISSIBLE_PATHS ( D1 ( P0 ( L1 ) ) )
    """

  static let sndlibXML = """
    <?xml version="1.0" encoding="ISO-8859-1"?>
    <network xmlns="http://sndlib.zib.de/network" version="1.0">
     <meta><unit>MBITPERSEC</unit><origin>hand &amp; foot</origin></meta>
     <networkStructure>
      <nodes coordinatesType="pixel">
       <node id="A"><coordinates><x>10.0</x><y>20.0</y></coordinates></node>
       <node id="B"><coordinates><x>30.0</x><y>5.0</y></coordinates></node>
      </nodes>
      <links>
       <link id="L1">
        <source>A</source><target>B</target><setupCost>3.0</setupCost>
        <additionalModules>
         <addModule><capacity>622.0</capacity><cost>2.0</cost></addModule>
         <addModule><capacity>155.0</capacity><cost>1.0</cost></addModule>
        </additionalModules>
       </link>
       <link id="L2">
        <source>B</source><target>A</target>
        <preInstalledModule><capacity>64.0</capacity><cost>0.0</cost></preInstalledModule>
        <routingCost>2.0</routingCost>
       </link>
      </links>
     </networkStructure>
     <demands>
      <demand id="D1"><source>A</source><target>B</target><demandValue>12.5</demandValue></demand>
      <demand id="D2"><source>B</source><target>A</target><demandValue>7</demandValue></demand>
     </demands>
    </network>
    """

  /// One link without an opposite, a delay of zero.
  static let repetita = """
    NODES 3
    label x y
    0_New_York -74.00597 40.71427
    1_Chicago -87.65005 41.85003
    2_Washington -77.03637 38.89511

    EDGES 5
    label src dest weight bw delay
    edge_0 0 1 10 9953280 5730
    edge_1 1 0 10 9953280 5730
    edge_2 0 2 10 9953280 1640
    edge_3 2 0 10 9953280 1640
    edge_4 1 2 20 2488320 0
    """

  static let repetitaDemands = """
    DEMANDS 3
    label src dest bw
    demand_0 0 1 300
    demand_1 0 0 5
    demand_2 2 1 0.5
    """

  /// Ids out of order, numbers and a text; opposite directions with equal and unequal capacities.
  static let nodeLink = """
    {"directed": true, "multigraph": false, "graph": {"name": "tiny"},
     "nodes": [{"id": 0}, {"id": 4, "label": "four"}, {"id": "x", "lat": 1.5, "lon": 2}],
     "links": [{"capacity": 5000.0, "source": 0, "target": 4},
               {"capacity": 5000.0, "source": 4, "target": 0},
               {"capacity": 10, "source": 4, "target": "x"},
               {"capacity": 20, "source": "x", "target": 4}]}
    """

  /// Hosts beside switches, rates with units, a chain, a port, a subgraph, comments.
  static let dot = """
    // as YATES writes it
    digraph topology {
      node [shape=box];
      s1 [type=switch, Latitude=52.5, Longitude="13.4"]; s2 [type=switch]
      h1 [type=host, ip="10.0.0.1"];
      h1 -> s1 [capacity="1Gbps"]; s1 -> h1 [capacity="1Gbps"];
      s1:p1 -> s2:p2 [capacity="10Gbps", cost=1]
      s2->s1 [capacity="10Gbps",cost=1];
      subgraph cluster { s3; s2 -> s3 -> s1 [capacity=2500Mbps] /* two links */ }
    }
    """

  /// A quoted name, a router without links, an empty capacity.
  static let csv = """
    # name: tiny
    # capacityUnit: Mbit/s
    source;target;directed;capacity;weight
    "Frank;furt";Berlin;false;1000;1
    Berlin;Paris;true;;2
    Lonely;
    """
}
