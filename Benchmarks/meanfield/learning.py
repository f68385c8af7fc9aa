"""The learning solvers over seeds, against the exact ones: mean and 95 % interval (Student's t).

    swift build -c release --product wayfield
    python3 Benchmarks/meanfield/learning.py [--seeds 5] [--part deep|aware]

`deep`: exploitability (exact) of the last and of the best policy of 40 iterations; the seed is that of sampling
and weights. `aware`: population-aware mirror descent, mean exploitability from 20 initial laws that
nobody trained on.
"""
import argparse
import json
import math
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--seeds", type=int, default=5)
parser.add_argument("--part", choices=["deep", "aware"])
parser.add_argument("--binary", default=str(ROOT / ".build/release/wayfield"))
arguments = parser.parse_args()
STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}


def solve(game, solver, iterations, **settings):
    command = [arguments.binary, "meanfield", "solve", "--game", game, "--solver", solver,
               "--iterations", str(iterations), "--threads", "1", "--json"]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def interval(values):
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((x - mean) ** 2 for x in values) / (len(values) - 1) / len(values))
    return f"{mean:.3g} ± {STUDENT[len(values)] * spread:.2g}"


def deep():
    exact = [("online-mirror-descent", dict(learningRate=0.1)), ("fictitious-play", {})]
    learned = [("deep-munchausen-mirror-descent", {}), ("mean-field-proximal-policy-optimization", {}),
               ("deep-average-network-fictitious-play", {})]
    print("| game | solver | uniform policy | after 40 iterations | best |\n|---|---|---|---|---|")
    for game, more in (("beach-bar", {}), ("crowd-modelling", {}), ("predator-prey", dict(size=3, lastStep=5))):
        for solver, settings in exact:
            trace = solve(game, solver, 40, **settings, **more)["exploitability"]["trace"]
            print(f"| {game} | {solver} (exact) | {trace[0]:.3g} | {trace[-1]:.3g} | {min(trace):.3g} |", flush=True)
        for solver, settings in learned:
            traces = [solve(game, solver, 40, learningSeed=s, **settings, **more)["exploitability"]["trace"]
                      for s in range(arguments.seeds)]
            print(f"| {game} | {solver} | {traces[0][0]:.3g} | {interval([t[-1] for t in traces])} | "
                  f"{interval([min(t) for t in traces])} |", flush=True)


def aware():
    columns = ["unseenUniform", "unseenOwnLawPolicy", "unseenBlind", "unseen", "unseenSolvedEach",
               "unseenBlindMinusAware"]
    print("| game | uniform | policy solved for one law | blind network | population-aware | "
          "solved for each law | blind − aware |\n|---|---|---|---|---|---|---|")
    for game, settings in (("crowd-modelling", dict(trainingLaws=160, epochs=2)), ("beach-bar", {})):
        runs = [solve(game, "population-aware-mirror-descent", 100, learningSeed=s, **settings)["parameters"]
                for s in range(arguments.seeds)]
        print(f"| {game} | " + " | ".join(interval([r[c + ".mean"] for r in runs]) for c in columns) + " |",
              flush=True)


for name, part in (("deep", deep), ("aware", aware)):
    if arguments.part in (None, name):
        part()
