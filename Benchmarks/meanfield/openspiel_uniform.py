"""Exploitability of the uniform policy in OpenSpiel's games, with OpenSpiel's own states as the
simulator and the last action kept in the key.

OpenSpiel's `nash_conv` keys its values by the observation string, which leaves the last action out
although the reward of crowd modelling and of the linear-quadratic game depends on it: its number
then depends on which action reached a state first. Both numbers are printed.

    python3 Benchmarks/meanfield/openspiel_uniform.py
"""
import pyspiel
from open_spiel.python import policy
from open_spiel.python.mfg import games  # noqa: F401 (registers games)
from open_spiel.python.mfg.algorithms import nash_conv
from open_spiel.python.mfg.games import crowd_modelling, linear_quadratic  # noqa: F401


def exploitability(game):
    root = game.new_initial_state()
    level = {}
    for outcome, p in root.chance_outcomes():
        child = root.clone()
        child.apply_action(outcome)
        entry = level.setdefault((str(child), None), [child, 0.0])
        entry[1] += p
    levels, edges = [], []
    while level:
        # `level`: decision nodes keyed by (place, last action), with their mass.
        levels.append(level)
        following, out = {}, {}
        arrivals = {}
        for key, (state, mass) in level.items():
            actions = state.legal_actions()
            out[key] = {}
            for a in actions:
                moved = state.clone()
                moved.apply_action(a)
                for outcome, p in moved.chance_outcomes():
                    landed = moved.clone()
                    landed.apply_action(outcome)
                    to = (str(landed), a)
                    out[key].setdefault(a, []).append((to, p))
                    entry = arrivals.setdefault(to, [landed, 0.0])
                    entry[1] += mass * p / len(actions)
        edges.append(out)
        if next(iter(arrivals.values()))[0].is_terminal():
            break
        shares = {}
        for (place, _), (_, mass) in arrivals.items():
            shares[place] = shares.get(place, 0.0) + mass
        for key, (landed, mass) in arrivals.items():
            support = landed.distribution_support()
            landed.update_distribution([shares.get(s, 0.0) for s in support])
            following[key] = [landed, mass]
        level = following
    best, own = {}, {}
    for level, out in zip(reversed(levels), reversed(edges)):
        new_best, new_own = {}, {}
        for key, (state, _) in level.items():
            q_best = [sum(p * best.get(to, 0.0) for to, p in o) for o in out[key].values()]
            q_own = [sum(p * own.get(to, 0.0) for to, p in o) for o in out[key].values()]
            reward = state.rewards()[0]
            new_best[key] = reward + max(q_best)
            new_own[key] = reward + sum(q_own) / len(q_own)
        best, own = new_best, new_own
    return sum(mass * (best[k] - own[k]) for k, (_, mass) in levels[0].items())


for name in ["mfg_crowd_modelling", "python_mfg_crowd_modelling", "mfg_crowd_modelling_2d",
             "mean_field_lin_quad"]:
    game = pyspiel.load_game(name)
    keyed = nash_conv.NashConv(game, policy.UniformRandomPolicy(game)).nash_conv()
    print(f"{name}: exact {exploitability(game)!r}, OpenSpiel's nash_conv {keyed!r}")
