"""Writes Tests/MeanFieldTests/Reference/finite-horizon.json: exploitability traces of the dense
numpy reference for every game and solver, and (with --mfglib, where mfglib is installed) checks
them against MFGLib in float64.

    python3 Benchmarks/meanfield/make_reference.py [--mfglib]
"""
import json
import pathlib
import sys

import numpy as np
from reference_games import (GAMES, Dense, fictitious_play, mirror_descent, prior_descent,
                             random_linear_matrices)

ITERATIONS = {"susceptible-infected": 20, "crowd-motion": 15, "building-evacuation": 15}
SOLVERS = {
    "online-mirror-descent 1": lambda d, n: mirror_descent(d, n, 1.0),
    "online-mirror-descent 0.1": lambda d, n: mirror_descent(d, n, 0.1),
    "prior-descent 1": lambda d, n: prior_descent(d, n, 1.0, None),
    "prior-descent 1 5": lambda d, n: prior_descent(d, n, 1.0, 5),
    "fictitious-play": fictitious_play,
}


def main():
    result = {}
    for name, make in GAMES.items():
        dense = Dense(make())
        n = ITERATIONS.get(name, 30)
        result[name] = {solver: run(dense, n) for solver, run in SOLVERS.items()}
        print(name, result[name]["online-mirror-descent 1"][0], file=sys.stderr)
    target = pathlib.Path(__file__).parents[2] / "Tests/MeanFieldTests/Reference/finite-horizon.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=0))
    if "--mfglib" in sys.argv:
        check_mfglib(result)


def check_mfglib(result):
    import torch
    torch.set_default_dtype(torch.float64)
    from mfglib.alg import FictitiousPlay, OnlineMirrorDescent, PriorDescent
    from mfglib.env import Environment
    from mfglib.scoring import exploitability_score
    makers = {
        "online-mirror-descent 1": lambda: OnlineMirrorDescent(alpha=1.0),
        "online-mirror-descent 0.1": lambda: OnlineMirrorDescent(alpha=0.1),
        "prior-descent 1": lambda: PriorDescent(eta=1.0),
        "prior-descent 1 5": lambda: PriorDescent(eta=1.0, n_inner=5),
        "fictitious-play": lambda: FictitiousPlay(),
    }
    for name, traces in result.items():
        if name == "predator-prey":
            continue
        env = getattr(Environment, name.replace("-", "_"))()
        if name == "random-linear":
            R1, R2, P1, P2 = (torch.tensor(m) for m in random_linear_matrices())
            env.reward_fn.r1, env.reward_fn.r2 = R1, R2
            env.transition_fn.p1, env.transition_fn.p2 = P1, P2
        if name == "crowd-motion":
            points = [(10, 10), (10, 10), (9, 11), (9, 11)]
            for t, (bx, by) in enumerate(points):
                x = torch.arange(20.0)
                d = ((x[:, None] - bx).abs() + (x[None, :] - by).abs()) / 40
                env.reward_fn.c1s[t] = 1.0 - d.repeat(5, 1, 1).permute(1, 2, 0)
        for solver, trace in traces.items():
            try:
                pis, expls, _ = makers[solver]().solve(
                    env, max_iter=len(trace) - 1, atol=None, rtol=None)
                gap = max(abs(a - b) for a, b in zip(expls, trace))
                where = next((i for i, (a, b) in enumerate(zip(expls, trace)) if abs(a - b) > 1e-9), "-")
                print(f"{name:32s} {solver:26s} largest difference {gap:.1e} first above 1e-9 at {where}")
            except Exception as error:
                print(f"{name:32s} {solver:26s} MFGLib fails: {type(error).__name__}: {str(error)[:60]}")


main()
