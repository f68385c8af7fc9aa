"""MFGLib, OpenSpiel, dense numpy and Wayfield side by side, in one run on one thread.

    swift build -c release --product meanfield-timing
    OMP_NUM_THREADS=1 python3 Benchmarks/meanfield/compare.py [--targets] [--markdown]

Needs `pip install mfglib open_spiel numpy`. An iteration includes the exploitability of its policy
in all four. `--targets` adds the time to reach an exploitability of 1e-1, 1e-2, 1e-3; there MFGLib
runs each setting for at most --limit seconds (default 20).
"""
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
import argparse
import contextlib
import io
import pathlib
import subprocess
import time

import numpy as np
from reference_games import GAMES, Dense, greedy, softmax

ROOT = pathlib.Path(__file__).parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--targets", action="store_true")
parser.add_argument("--limit", type=float, default=20)
parser.add_argument("--binary", default=str(ROOT / ".build/release/meanfield-timing"))
arguments = parser.parse_args()


def ours(mode):
    out = subprocess.run([arguments.binary, mode], capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def best_of(step, seconds=1.0, batches=3):
    """The smallest mean over a few batches, in milliseconds."""
    step()
    t = time.perf_counter()
    step()
    once = max(time.perf_counter() - t, 1e-7)
    n = max(1, int(seconds / batches / once))
    best = float("inf")
    for _ in range(batches):
        t = time.perf_counter()
        for _ in range(n):
            step()
        best = min(best, (time.perf_counter() - t) / n)
    return best * 1000


def mfglib_env(name):
    import torch
    from mfglib.env import Environment
    env = getattr(Environment, name.replace("-", "_"))()
    return env


def mfglib_solver(name, setting=None):
    from mfglib.alg import FictitiousPlay, OnlineMirrorDescent, PriorDescent
    if name == "online-mirror-descent":
        return OnlineMirrorDescent(alpha=float(setting or 0.1))
    if name == "fictitious-play":
        return FictitiousPlay()
    eta, inner = (setting or "1 0").split()
    return PriorDescent(eta=float(eta), n_inner=int(inner) or None)


def mfglib_iteration(name, solver):
    import torch
    torch.set_num_threads(1)
    env = mfglib_env(name)
    def run(n):
        t = time.perf_counter()
        mfglib_solver(solver).solve(env, max_iter=n, atol=None, rtol=None)
        return time.perf_counter() - t
    try:
        run(1)
        n = max(2, min(200, int(1.0 / max(run(2) / 2, 1e-5))))
        return min(run(n), run(n)) / n * 1000
    except Exception:
        return None


class NumpyIteration:
    """One iteration on dense arrays: transitions kept as matrices where they are fixed."""

    def __init__(self, name):
        self.d = Dense(GAMES[name]())
        self.pi = self.d.uniform()
        self.y = [np.zeros_like(p) for p in self.pi]
        self.i = 0

    def measure(self, flow):
        best, own = self.d.values(flow), self.d.values(flow, self.pi)
        gap = sum(float((m * (b[0].max(1) - (p[0] * o[0]).sum(1))).sum())
                  for m, b, o, p in zip(self.d.mu0, best, own, self.pi))
        return best, own, gap

    def mirror(self):
        flow = self.d.flow(self.pi)
        _, own, _ = self.measure(flow)
        self.y = [a + 0.1 * q for a, q in zip(self.y, own)]
        self.pi = [softmax(a) for a in self.y]

    def fictitious(self):
        flow = self.d.flow(self.pi)
        best, _, _ = self.measure(flow)
        br = [greedy(q) for q in best]
        flow_br = self.d.flow(br)
        w = 1 / (self.i + 2)
        self.i += 1
        for k in range(self.d.K):
            mu = np.stack([flow[t][k].sum(1) for t in range(self.d.T + 1)])[..., None]
            mb = np.stack([flow_br[t][k].sum(1) for t in range(self.d.T + 1)])[..., None]
            with np.errstate(invalid="ignore", divide="ignore"):
                mixed = ((1 - w) * mu * self.pi[k] + w * mb * br[k]) / ((1 - w) * mu + w * mb)
            self.pi[k] = np.where((1 - w) * mu + w * mb > 0, mixed, 1 / self.d.A)


def openspiel_iteration(solver):
    import pyspiel
    from open_spiel.python.mfg import games  # noqa: F401
    from open_spiel.python.mfg.algorithms import fictitious_play, mirror_descent, nash_conv
    from open_spiel.python.mfg.games import predator_prey  # noqa: F401
    game = pyspiel.load_game("python_mfg_predator_prey")
    if solver == "online-mirror-descent":
        s = mirror_descent.MirrorDescent(game, lr=0.1)
    else:
        s = fictitious_play.FictitiousPlay(game)
    s.iteration()
    t = time.perf_counter()
    s.iteration()
    return (time.perf_counter() - t) * 1000


def iterations():
    mine = {}
    for _, game, solver, precision, ms in ours("iterations"):
        mine[game, solver, precision] = float(ms)
    print("| game | solver | Wayfield double ms | single ms | dense numpy ms | × | MFGLib ms | × | OpenSpiel ms | × |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for game in GAMES:
        for solver in ("online-mirror-descent", "fictitious-play"):
            double = mine[game, solver, "double"]
            step = NumpyIteration(game)
            dense = best_of(step.mirror if solver.startswith("online") else step.fictitious)
            with contextlib.redirect_stdout(io.StringIO()):
                lib = None if game == "predator-prey" else mfglib_iteration(game, solver)
                spiel = openspiel_iteration(solver) if game == "predator-prey" else None
            def cell(value):
                return "– | –" if value is None else f"{value:.3g} | {value / double:,.0f}"
            print(f"| {game} | {solver} | {double:.4g} | {mine[game, solver, 'single']:.4g} | "
                  f"{cell(dense)} | {cell(lib)} | {cell(spiel)} |", flush=True)


def targets():
    rows = ours("targets")
    print("\n| game | solver and setting | target | iterations | Wayfield s | MFGLib s | × |")
    print("|---|---|---|---|---|---|---|")
    cache = {}
    for _, game, solver, _, target, seconds, n in rows:
        if seconds == "-":
            print(f"| {game} | {solver} | {target} | not in {n} | – | – | – |")
            continue
        name, _, setting = solver.partition(" ")
        lib = ratio = "–"
        if game != "predator-prey":
            if (game, solver) not in cache:
                cache[game, solver] = mfglib_iteration(game, name)
            per = cache[game, solver]
            if per is None:
                lib = "fails"
            elif per * int(n) / 1000 > arguments.limit:
                lib = f"> {arguments.limit:.0f} ({per * int(n) / 1000:.0f} at {per:.3g} ms each)"
                ratio = f"{per * int(n) / 1000 / float(seconds):,.0f}"
            else:
                with contextlib.redirect_stdout(io.StringIO()):
                    t = time.perf_counter()
                    mfglib_solver(name, setting).solve(
                        mfglib_env(game), max_iter=max(1, int(n)), atol=None, rtol=None)
                    spent = time.perf_counter() - t
                lib, ratio = f"{spent:.3g}", f"{spent / float(seconds):,.0f}"
        print(f"| {game} | {solver} | {target} | {n} | {float(seconds):.3g} | {lib} | {ratio} |", flush=True)


iterations()
if arguments.targets:
    targets()
