"""The mean-field routing game against packets, and its price of anarchy over networks.

    swift build -c release --product wayfield
    python3 Benchmarks/meanfield/routing.py [--horizon 5000] [--episodes 10]

First table: the delay that the equilibrium and the optimum predict, and the restricted mean delay that the
packet simulator measures when packets follow them (`wardrop-split`, `delay-optimal-split`), 95 % intervals over
episodes. Second table: price of anarchy and path gap, delays in queues and on links.
"""
import argparse
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--horizon", type=int, default=5000)
parser.add_argument("--episodes", type=int, default=10)
parser.add_argument("--binary", default=str(ROOT / ".build/release/wayfield"))
arguments = parser.parse_args()


def call(*words):
    out = subprocess.run([arguments.binary, *map(str, words), "--threads", "1", "--json"],
                         capture_output=True, text=True, check=True).stdout
    return json.loads(out)


def game(solver, **settings):
    sets = [w for k, v in settings.items() for w in ("--set", f"{k}={v}")]
    return call("meanfield", "solve", "--game", "routing", "--solver", solver, *sets)["parameters"]


def simulated(name, load, algorithm):
    d = call("simulate", "--topology", name, "--algorithm", algorithm, "--load", load, "--horizon",
             arguments.horizon, "--episodes", arguments.episodes)["restrictedMeanDelay"]
    return f"{d['mean']:.2f} ± {(d['high'] - d['low']) / 2:.2f}"


print("| network, load | equilibrium | wardrop-split simulated | optimum | delay-optimal-split simulated |")
print("|---|---|---|---|---|")
for name, loads in (("b4", (.05, .1, .2)), ("geant", (.1, .2)), ("abilene", (.1, .2)), ("nsfnet", (.1, .2))):
    for load in loads:
        asked = dict(topology=name, load=load, horizon=arguments.horizon)
        print(f"| {name}, {load} | {game('wardrop-equilibrium', **asked)['meanTime']:.2f} | "
              f"{simulated(name, load, 'wardrop-split')} | {game('system-optimum', **asked)['meanTime']:.2f} | "
              f"{simulated(name, load, 'delay-optimal-split')} |", flush=True)

print("\n| network | latency | load | equilibrium | optimum | price of anarchy | largest path gap |")
print("|---|---|---|---|---|---|---|")
for name, latency, loads in (
        ("braess", "public-roads", ("–",)), ("sioux-falls-like", "public-roads", ("–",)),
        ("b4", "queues", (.1, .2, .3)), ("geant", "queues", (.1, .15, .2)), ("abilene", "queues", (.1, .15, .2)),
        ("nsfnet", "queues", (.1, .2, .3)), ("b4", "public-roads", (.3, .6)), ("geant", "public-roads", (.3, .6)),
        ("abilene", "public-roads", (.3, .6)), ("nsfnet", "public-roads", (.3, .6)),
        ("att", "public-roads", (.3, .6))):
    for load in loads:
        asked = dict(topology=name, latency=latency) | ({} if load == "–" else dict(load=load))
        e, o = game("wardrop-equilibrium", **asked), game("system-optimum", **asked)
        print(f"| {name} | {latency} | {load} | {e['meanTime']:.3f} | {o['meanTime']:.3f} | "
              f"{e['priceOfAnarchyRatio']:.4f} | {e['largestPathGap']:.1e} |", flush=True)
