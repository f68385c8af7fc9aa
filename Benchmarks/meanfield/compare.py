"""MFGLib, OpenSpiel, dense numpy and Wayfield side by side, in one run on one thread.

    swift build -c release --product meanfield-timing
    python3 Benchmarks/meanfield/compare.py [--games a,b] [--targets] [--limit SECONDS]

The peers come from PyPI (mfglib 0.3.0, open_spiel 2.0.2); where this Python lacks them, they are installed
into a virtual environment (--venv) and the script starts again there. Each game is timed in all
programs within the same minute. An iteration includes the exploitability of its policy in all but
OpenSpiel, which does not compute it. `--targets` prints, for every game and solver that both have, at the same
setting, the time to an exploitability of 1e-1, 1e-2, 1e-3; a peer gets at most --limit seconds (default 20)
a setting.
"""
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
import argparse
import contextlib
import importlib.util
import io
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--games", help="names with commas; default all")
parser.add_argument("--targets", action="store_true")
parser.add_argument("--limit", type=float, default=20)
parser.add_argument("--seconds", type=float, default=1.0, help="spent on timing one case of a peer")
parser.add_argument("--binary", default=str(ROOT / ".build/release/meanfield-timing"))
parser.add_argument("--venv", default=str(ROOT / ".build/peers"))
arguments = parser.parse_args()


def ensure_peers():
    if all(importlib.util.find_spec(m) for m in ("mfglib", "pyspiel", "numpy")):
        return
    python = pathlib.Path(arguments.venv) / "bin/python"
    if pathlib.Path(sys.executable).parent.resolve() == python.parent.resolve():
        sys.exit("the peers are not in " + arguments.venv)
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", arguments.venv], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "mfglib==0.3.0", "open_spiel==2.0.2", "numpy"],
                   check=True, stdout=sys.stderr)
    os.execv(python, [str(python), *sys.argv])


ensure_peers()
import numpy as np  # noqa: E402
from reference_games import GAMES, Dense, greedy, softmax  # noqa: E402

CHOSEN = arguments.games.split(",") if arguments.games else list(GAMES)
# Asked: at least so many times faster an iteration of mirror descent and of fictitious play.
ASKED = {("building-evacuation", "MFGLib"): 1000, ("linear-quadratic", "MFGLib"): 1000,
         ("crowd-motion", "MFGLib"): 300, ("predator-prey", "OpenSpiel"): 5000,
         ("building-evacuation", "numpy"): 20}


def asked(game, peer):
    return ASKED.get((game, peer), 50 if peer == "MFGLib" else None)


def ours(*mode):
    out = subprocess.run([arguments.binary, *mode], capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def fastest(step, seconds=None, batches=3):
    """The smallest mean over a few batches, in milliseconds."""
    step()
    t = time.perf_counter()
    step()
    once = max(time.perf_counter() - t, 1e-7)
    n = max(1, int((seconds or arguments.seconds) / batches / once))
    best = once
    for _ in range(batches):
        t = time.perf_counter()
        for _ in range(n):
            step()
        best = min(best, (time.perf_counter() - t) / n)
    return best * 1000


# ---- MFGLib ----

def mfglib_env(name):
    import torch
    torch.set_num_threads(1)
    from mfglib.env import Environment
    return getattr(Environment, name.replace("-", "_"))()


def mfglib_solver(name, setting=""):
    from mfglib.alg import MFOMO, FictitiousPlay, OccupationMeasureInclusion, OnlineMirrorDescent, PriorDescent
    if name == "online-mirror-descent":
        return OnlineMirrorDescent(alpha=float(setting or 0.1))
    if name == "fictitious-play":
        return FictitiousPlay()
    if name == "occupation-measure-optimisation":
        return MFOMO(optimizer={"name": "Adam", "config": {"lr": float(setting)}})
    if name == "occupation-measure-inclusion":
        return OccupationMeasureInclusion(alpha=float(setting))
    eta, inner = (setting or "1 0").split()
    return PriorDescent(eta=float(eta), n_inner=int(inner) or None)


def mfglib_run(game, solver, setting, n):
    """Exploitabilities and the seconds at which they were known."""
    env = mfglib_env(game)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        _, gaps, times = mfglib_solver(solver, setting).solve(env, max_iter=n, atol=None, rtol=None)
    return [float(g) for g in gaps], times


def mfglib_iteration(game, solver, setting=""):
    """Milliseconds, or None where MFGLib fails."""
    try:
        _, times = mfglib_run(game, solver, setting, 2)
        n = max(2, min(200, int(arguments.seconds / 2 / max(times[-1] / 2, 1e-5))))
        return min(mfglib_run(game, solver, setting, n)[1][-1] for _ in range(2)) / n * 1000
    except Exception:
        return None


# ---- OpenSpiel ----

OPENSPIEL = {"predator-prey": "python_mfg_predator_prey"}


def openspiel_solver(game, solver):
    import pyspiel
    from open_spiel.python.mfg import games  # noqa: F401
    from open_spiel.python.mfg.algorithms import fictitious_play, mirror_descent
    from open_spiel.python.mfg.games import predator_prey  # noqa: F401
    loaded = pyspiel.load_game(OPENSPIEL[game])
    if solver == "online-mirror-descent":
        return mirror_descent.MirrorDescent(loaded, lr=0.1), loaded
    return fictitious_play.FictitiousPlay(loaded), loaded


def openspiel_iteration(game, solver):
    s, _ = openspiel_solver(game, solver)
    s.iteration()
    t = time.perf_counter()
    s.iteration()
    return (time.perf_counter() - t) * 1000


# ---- dense numpy ----

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


# ---- tables ----

def iterations():
    print("| game | solver | Wayfield double ms | single ms | dense numpy ms | × | MFGLib ms | × | "
          "OpenSpiel ms | × | asked |")
    print("|" + "---|" * 11)
    for game in CHOSEN:
        mine = {(s, p): float(ms) for _, _, s, p, ms in ours("iterations", game)}
        for solver in ("online-mirror-descent", "fictitious-play"):
            double, single = mine[solver, "double"], mine[solver, "single"]
            step = NumpyIteration(game)
            times = {"numpy": fastest(step.mirror if solver.startswith("online") else step.fictitious)}
            with contextlib.redirect_stdout(io.StringIO()):
                times["MFGLib"] = None if game == "predator-prey" else mfglib_iteration(game, solver)
                times["OpenSpiel"] = openspiel_iteration(game, solver) if game in OPENSPIEL else None
            cells, verdicts = [], []
            for peer, value in times.items():
                cells.append("– | –" if value is None else f"{value:.3g} | {value / double:,.0f}")
                goal = asked(game, peer)
                if value is not None and goal:
                    verdicts.append(f"{peer} {goal:,}: {'yes' if value / double >= goal else 'NO'}")
            print(f"| {game} | {solver} | {double:.4g} | {single:.4g} | {' | '.join(cells)} | "
                  f"{', '.join(verdicts) or '–'} |", flush=True)
    for _, precision, exps, logs, copy in ours("limits"):
        print(f"\nlimit ({precision}): 12,000 exponentials {float(exps):.1f} µs, 2,000 logarithms "
              f"{float(logs):.1f} µs, one copy of 40,000 numbers {float(copy):.1f} µs")


def short(seconds):
    return f"{seconds * 1e6:.3g} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def targets():
    """A row a game and solver; for each goal the time of Wayfield (double / single) and of MFGLib."""
    goals = (1e-1, 1e-2, 1e-3)
    print("\n| game | solver and setting | " + " | ".join(f"to {g:g}: Wayfield double / single, MFGLib, ×" for g in goals) + " |")
    print("|---|---|---|---|---|")
    for game in CHOSEN:
        rows = {(r[2], r[3], float(r[4])): r for r in ours("targets", game)}
        for solver in dict.fromkeys(key[0] for key in rows):
            name, _, setting = solver.partition(" ")
            mine = {g: rows[solver, "double", g] for g in goals}
            peer = mfglib_targets(game, name, setting, mine) if game != "predator-prey" else {}
            cells = []
            for goal, row in mine.items():
                text, lib = peer.get(goal, ("–", None))
                if row[5] == "-":
                    cells.append(f"not in {row[6]} (least {float(row[7]):.2g}), {text}")
                    continue
                single = rows[solver, "single", goal][5]
                ratio = f", {lib / float(row[5]):,.0f}" if lib else ""
                cells.append(f"{short(float(row[5]))} / {'–' if single == '-' else short(float(single))}, {text}{ratio}")
            print(f"| {game} | {solver.strip()} | {' | '.join(cells)} |", flush=True)


def mfglib_targets(game, name, setting, mine):
    """`{goal: (text, seconds or None)}`: MFGLib runs as many iterations as we needed for our last goal
    (a fifth more), or as --limit allows."""
    needed = max([int(r[6]) for r in mine.values() if r[5] != "-"] or [0])
    try:
        _, times = mfglib_run(game, name, setting, 3)
        each = max((times[-1] - times[1]) / 2, 1e-6)  # the first one warms up
        # Where we do not reach any goal either, a look is enough.
        n = int(min((needed or 50) * 1.2 + 5, max(1, arguments.limit / each)))
        gaps, times = mfglib_run(game, name, setting, n)
    except Exception as error:
        return {g: (f"fails ({type(error).__name__})", None) for g in mine}
    result = {}
    for goal in mine:
        hit = next((i for i, gap in enumerate(gaps) if gap <= goal), None)
        if hit is not None:
            result[goal] = (short(max(times[hit], 1e-6)), max(times[hit], 1e-6))
        else:
            result[goal] = (f"not in {times[-1]:.2g} s ({n}; least {min(gaps):.2g})", None)
    return result


def openspiel_targets():
    """OpenSpiel's own nash_conv, outside the clock, after each iteration."""
    from open_spiel.python.mfg.algorithms import nash_conv
    for game in (g for g in CHOSEN if g in OPENSPIEL):
        for solver in ("online-mirror-descent", "fictitious-play"):
            s, loaded = openspiel_solver(game, solver)
            spent, n = 0.0, 0
            while spent < arguments.limit:
                t = time.perf_counter()
                with contextlib.redirect_stdout(io.StringIO()):
                    s.iteration()
                spent += time.perf_counter() - t
                n += 1
            gap = nash_conv.NashConv(loaded, s.get_policy()).nash_conv()
            print(f"\nOpenSpiel, {game}, {solver}: exploitability {gap:.3g} after {n} iterations in {spent:.1f} s "
                  "(its nash_conv, not timed)", flush=True)


iterations()
if arguments.targets:
    targets()
    openspiel_targets()
