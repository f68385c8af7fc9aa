/// Abilene, the Internet2 backbone of 2005: eleven cities, fourteen OC-192 links.
enum AbileneData {
  static let megabitsPerSecond = 9953.28

  static let routers = """
    New York|40.714|-74.006
    Chicago|41.850|-87.650
    Washington|38.895|-77.036
    Seattle|47.606|-122.332
    Sunnyvale|37.369|-122.036
    Los Angeles|34.052|-118.244
    Denver|39.739|-104.985
    Kansas City|39.114|-94.627
    Houston|29.763|-95.363
    Atlanta|33.749|-84.388
    Indianapolis|39.768|-86.158
    """

  static let links = """
    0 1
    0 2
    1 10
    2 9
    3 4
    3 6
    4 5
    4 6
    5 8
    6 7
    7 8
    7 10
    8 9
    9 10
    """
}

/// The T1 backbone of NSFNET (1991) with the 14 sites and 21 links of the routing literature, in the
/// numbering of Rusek et al. (2019), *Unveiling the potential of GNN for network modeling* (RouteNet).
enum NSFNETData {
  static let megabitsPerSecond = 1.544

  static let routers = """
    Palo Alto|37.442|-122.143
    Seattle|47.606|-122.332
    San Diego|32.715|-117.157
    Salt Lake City|40.761|-111.891
    Boulder|40.015|-105.271
    Houston|29.763|-95.363
    Lincoln|40.800|-96.667
    Champaign|40.116|-88.243
    Ann Arbor|42.278|-83.741
    Ithaca|42.441|-76.497
    Pittsburgh|40.441|-79.996
    Princeton|40.349|-74.659
    College Park|38.981|-76.937
    Atlanta|33.749|-84.388
    """

  static let links = """
    0 1
    0 2
    0 3
    1 2
    1 7
    2 5
    3 8
    3 4
    4 5
    4 6
    5 12
    5 13
    6 7
    7 10
    8 9
    8 11
    9 10
    9 12
    10 11
    10 13
    11 12
    """
}
