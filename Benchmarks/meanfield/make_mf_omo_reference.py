"""Writes Tests/MeanFieldTests/Reference/mf-omo.json: traces of MFGLib's MF-OMO in float64.

    pip install mfglib==0.3.0
    python3 Benchmarks/meanfield/make_mf_omo_reference.py

MFGLib's parametrised form is run without its hat initialisation, which swaps the last slack for its
complement, and the absolute loss from zero values: at the hat's zero residuals its sign is rounding. The
first policy is lopsided, pi ∝ 1 + ((3 t + 5 s + 7 a) mod 11) / 11: from the uniform one some derivatives vanish
by symmetry, and Adam turns their rounding into steps.
"""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
from mfglib.alg import MFOMO  # noqa: E402
from mfglib.env import Environment  # noqa: E402

GAMES = ["left-right", "rock-paper-scissors", "beach-bar", "susceptible-infected",
         "linear-quadratic", "equilibrium-price", "conservative-treasure-hunting"]
# Some residuals are exactly zero at the start, and the sign of their rounding is anybody's.
TIED = ["linear-quadratic", "equilibrium-price", "conservative-treasure-hunting"]
SETTINGS = {
    "projected": dict(loss="l1_l2"),
    "projected balanced": dict(loss="l1_l2", rb_freq=5),
    "projected squared": dict(loss="l2"),
    "projected absolute": dict(loss="l1", hat_init=False),
    "parametrised": dict(loss="l1_l2", parameterize=True, hat_init=False),
}



def lopsided(env):
    t = torch.arange(env.T + 1).reshape(-1, 1, 1)
    s = torch.arange(env.n_states).reshape(1, -1, 1)
    a = torch.arange(env.n_actions).reshape(1, 1, -1)
    pi = 1 + ((3 * t + 5 * s + 7 * a) % 11) / 11
    return (pi / pi.sum(-1, keepdim=True)).reshape((env.T + 1,) + env.S + env.A)


out = {}
for game in GAMES:
    env = getattr(Environment, game.replace("-", "_"))()
    long = game in ("susceptible-infected", "linear-quadratic")
    runs = {}
    for name, setting in SETTINGS.items():
        if long and name not in ("projected", "parametrised", "projected absolute"):
            continue
        if name == "projected absolute" and game in TIED:
            continue
        if name == "parametrised" and game == "linear-quadratic":
            continue  # derivatives of 1e-10 beside a rounding's ties, below Adam's epsilon
        solver = MFOMO(optimizer={"name": "Adam", "config": {"lr": 0.01}}, **setting)
        try:
            _, trace, _ = solver.solve(env, pi_0=lopsided(env), max_iter=6 if long else 30, atol=None, rtol=None)
            runs[name] = [float(x) for x in trace]
        except Exception as error:  # said, not hidden: a case that MFGLib cannot run
            print(f"{game} {name}: MFGLib fails: {error!r}")
    out[game] = {"rewardBound": float(env.r_max), "traces": runs}
    print(game, env.r_max, {k: (v[0], v[-1]) for k, v in runs.items()}, flush=True)
target = pathlib.Path(__file__).parents[2] / "Tests/MeanFieldTests/Reference/mf-omo.json"
target.write_text(json.dumps(out, indent=1) + "\n")
