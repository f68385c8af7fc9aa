#!/usr/bin/env python3
"""Compares Wayfield's readers with networkx on every file of a folder of public data.

usage: scripts/compare_with_networkx.py WAYFIELD_BINARY DATA_FOLDER
needs: pip install networkx

For each file that an independent reader can read, the numbers of routers, links, self-loops,
components and bridges and the diameter in links must agree. networkx reads GraphML, GML and
node-link JSON; REPETITA, SNDlib XML and TEAVAR are read here by a few lines that only look at ends.
networkx refuses GML files that repeat an edge without `multigraph 1`: for those the flag is added.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import networkx as nx


def both_ways_as_one(pairs):
    """Directed pairs (with their numbers) as undirected links, where an equal opposite exists."""
    waiting, graph = collections.defaultdict(int), nx.MultiGraph()
    for a, b, numbers in pairs:
        graph.add_nodes_from((a, b))
        if a != b and waiting[b, a, numbers]:
            waiting[b, a, numbers] -= 1
        else:
            waiting[a, b, numbers] += 1
            graph.add_edge(a, b)
    return graph


def read(path):
    if path.suffix == ".graphml":
        return nx.MultiGraph(nx.read_graphml(path, force_multigraph=True))
    if path.suffix == ".gml":
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            return nx.MultiGraph(nx.parse_gml(text, label="id"))
        except nx.NetworkXError:
            text = re.sub(r"(^|\n)graph \[", r"\1graph [\n  multigraph 1", text, count=1)
            return nx.MultiGraph(nx.parse_gml(text, label="id"))
    if path.suffix == ".json":
        document = json.loads(path.read_text())
        if "nodes" not in document:
            return None
        graph = both_ways_as_one(
            (x["source"], x["target"], x.get("capacity")) for x in document["links"])
        graph.add_nodes_from(n["id"] for n in document["nodes"])
        return graph
    if path.suffix == ".xml":
        root = ElementTree.parse(path).getroot()
        space = {"s": "http://sndlib.zib.de/network"}
        graph = nx.MultiGraph()
        graph.add_nodes_from(n.get("id") for n in root.iterfind(".//s:nodes/s:node", space))
        for link in root.iterfind(".//s:links/s:link", space):
            graph.add_edge(link.find("s:source", space).text, link.find("s:target", space).text)
        return graph
    if path.suffix == ".graph":
        nodes, edges = path.read_text().split("EDGES")
        graph = both_ways_as_one(
            (int(r[1]), int(r[2]), tuple(r[3:]))
            for r in (line.split() for line in edges.strip().splitlines()[2:]) if r)
        graph.add_nodes_from(range(int(nodes.split()[1])))
        return graph
    if path.name == "topology.txt":
        rows = [line.split() for line in path.read_text().splitlines()[1:] if line.split()]
        return both_ways_as_one((int(r[0]), int(r[1]), tuple(r[2:])) for r in rows)
    return None


def facts(graph):
    simple = nx.Graph(graph)
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    single = collections.Counter(
        frozenset((a, b)) for a, b in graph.edges() if a != b)
    parts = list(nx.connected_components(simple))
    return {
        "routers": graph.number_of_nodes(), "links": graph.number_of_edges(),
        "selfLoops": nx.number_of_selfloops(graph), "components": len(parts),
        "bridges": sum(single[frozenset(e)] == 1 for e in nx.bridges(simple)),
        "diameter": max(nx.diameter(simple.subgraph(p)) for p in parts),
    }


def main():
    binary, data = sys.argv[1], pathlib.Path(sys.argv[2])
    compared = wrong = 0
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        graph = read(path)
        if graph is None or graph.number_of_edges() == 0:
            continue
        shown = subprocess.run(
            [binary, "topologies", "show", str(path), "--json"], capture_output=True, text=True)
        compared += 1
        if shown.returncode:
            wrong += 1
            print(f"{path}: {shown.stderr.strip()}")
            continue
        ours = json.loads(shown.stdout)
        ours["bridges"], ours["diameter"] = len(ours["bridges"]), ours["diameter"]["links"]
        expected = facts(graph)
        differing = {k: (ours[k], v) for k, v in expected.items() if ours[k] != v}
        if ours["directedLinks"]:
            # One-way links: reachability is not that of the undirected graph.
            differing = {k: v for k, v in differing.items() if k in ("routers", "links")}
        if differing:
            wrong += 1
            print(f"{path}: (Wayfield, networkx) {differing}")
    print(f"{compared} files compared, {wrong} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
