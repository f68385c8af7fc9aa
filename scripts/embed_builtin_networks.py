#!/usr/bin/env python3
"""Writes Sources/Networks/BuiltIn/BuiltInData+{B4,Geant,ATT}.swift.

usage: scripts/embed_builtin_networks.py FACTS_DIR MAMRL_DATA_DIR

FACTS_DIR holds the edge lists and next-hop tables (`b4_edges.csv`, `b4_next_hop_latency3.csv` ...),
MAMRL_DATA_DIR the published `*_demand.txt` files. Of the demand files only two fitted numbers a
column are kept: the mean size and the sigma of the lognormal that has this mean and the column's
variance (sigma^2 = ln(1 + variance / mean^2), mu = ln(mean) - sigma^2 / 2). Fitting the moments of
the sizes themselves, not of their logarithms, keeps the load of the links right where a column has
a long lower tail, as most of Geant's have.
"""
import csv
import json
import math
import pathlib
import statistics
import sys

NETWORKS = {
    # key: (Swift name, next-hop tables by property, topology file with distinct places or None)
    "b4": ("B4", {"nextHopsLearner": "b4_next_hop_latency3.csv",
                  "nextHopsBaselines": "b4_next_hop_baselines.csv"}, "b4-latency-3.json"),
    "geant": ("Geant", {"nextHopsLearner": "geant_next_hop_latency3.csv",
                        "nextHopsBaselines": "geant_next_hop_baselines.csv"}, None),
    "att": ("ATT", {"nextHopsLearner": "att_next_hop.csv"}, None),
}


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def fitted_columns(path, routers):
    """(mean, sigma) per column: all n*n where the file has the diagonal, else the n*(n-1) read."""
    rows = [[float(x) for x in line.split()] for line in open(path) if line.split()]
    width = min(map(len, rows))
    columns = routers * routers if width == routers * routers else routers * (routers - 1)
    result = []
    for c in range(columns):
        sizes = [row[c] for row in rows]
        mean = statistics.fmean(sizes)
        variance = statistics.fmean([(x - mean) ** 2 for x in sizes])
        result.append((mean, math.sqrt(math.log1p(variance / mean ** 2))))
    return result, len(rows)


def literal(name, comment, lines):
    body = "\n".join("    " + line for line in lines)
    return f'  /// {comment}\n  static let {name} = """\n{body}\n    """\n'


def main():
    facts, data = map(pathlib.Path, sys.argv[1:3])
    target = pathlib.Path(__file__).resolve().parent.parent / "Sources/Networks/BuiltIn"
    for key, (swift, tables, drawing) in NETWORKS.items():
        nodes = [row[1] for row in rows_of(facts / f"{key}_nodes.csv")[1:]]
        places = {}
        if drawing:
            described = json.load(open(data / drawing))["data"]["mapTopology"]["nodes"]
            places = {n["name"]: f' {n["posx"]} {n["posy"]}' for n in described}
        fitted, count = fitted_columns(data / f"{key}_demand.txt", len(nodes))
        parts = [
            "// Written by scripts/embed_builtin_networks.py; do not edit by hand.\n",
            f"/// What is embedded of the published network {swift}.",
            f"enum {swift}Data {{",
            literal("routers", "Name and, where the publication draws it distinctly, x and y.",
                    [n + places.get(n, "") for n in nodes]),
            literal("links", "From, to, capacity, ticks for the learner, ticks for its baselines.",
                    [" ".join(row[1:]) for row in rows_of(facts / f"{key}_edges.csv")[1:]]),
        ]
        for name, table in tables.items():
            parts.append(literal(
                name, "The neighbour that the released program sends to: a row a router, a column "
                "a destination.",
                [" ".join(cell or "-" for cell in row[1:]) for row in rows_of(facts / table)[1:]]))
        cells = [f"{mean:.7g} {sigma:.5g}" for mean, sigma in fitted]
        parts.append(literal(
            "packetSizes", f"Mean and lognormal sigma per column of the demand file ({count} rows).",
            [" ".join(cells[i:i + 4]) for i in range(0, len(cells), 4)]).rstrip("\n"))
        text = "\n".join(parts) + "\n}\n"
        (target / f"BuiltInData+{swift}.swift").write_text(text)


if __name__ == "__main__":
    main()
