"""The finite-horizon benchmark games as dense numpy arrays in float64, written from their
definitions and sharing nothing with the Swift code: the slow, obvious version that the library is
checked against. A game is a dict: T, S, A, K (populations), mu0 [K][S], P(t, Ls) -> [K] arrays
[S, A, S'], r(t, Ls) -> [K] arrays [S, A], where Ls is the list of joint laws [S, A]."""
import math

import numpy as np

MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Stream:
    """SeedTree(root: r).stream(name), as in Sources/Randomness."""

    def __init__(self, root, name):
        key = mix((root + 0x5741594649454C44) & MASK)
        h = 0xCBF29CE484222325
        for byte in name.encode():
            h = ((h ^ byte) * 0x00000100000001B3) & MASK
        seed = mix(mix(key ^ mix(h)))
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            self.s.append(mix(seed))

    def next(self):
        s = self.s
        rotl = lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
        result = (rotl((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53


def single(T, mu0, P, r):
    mu0 = np.asarray(mu0, float)
    return dict(T=T, K=1, mu0=[mu0], P=lambda t, Ls: [P(t, Ls[0])], r=lambda t, Ls: [r(t, Ls[0])])


def left_right():
    P = np.zeros((3, 2, 3))
    for a in range(2):
        P[:, a, 1 + a] = 1
    def r(t, L):
        mu = L.sum(1)
        return np.repeat(np.array([0, -mu[1], -2 * mu[2]])[:, None], 2, 1)
    return single(1, [1, 0, 0], lambda t, L: P, r)


def rock_paper_scissors():
    P = np.zeros((4, 3, 4))
    for a in range(3):
        P[:, a, 1 + a] = 1
    def r(t, L):
        mu = L.sum(1)
        v = [0, 2 * mu[3] - mu[2], 4 * mu[1] - 2 * mu[3], 6 * mu[2] - 3 * mu[1]]
        return np.repeat(np.array(v)[:, None], 3, 1)
    return single(1, [1, 0, 0, 0], lambda t, L: P, r)


def susceptible_infected():
    def P(t, L):
        i = L[1].sum()
        p = np.zeros((2, 2, 2))
        p[0, 0] = [1 - 0.81 * i, 0.81 * i]
        p[0, 1] = [1, 0]
        p[1, :] = [0.3, 0.7]
        return p
    R = np.array([[0, -0.5], [-1, -1.5]])
    return single(50, [0.4, 0.6], P, lambda t, L: R)


def beach_bar():
    P = np.zeros((4, 3, 4))
    for s in range(4):
        for a in range(3):
            for e, w in ((-1, 0.25), (0, 0.5), (1, 0.25)):
                P[s, a, min(max(s + a - 1 + e, 0), 3)] += w
    base = -np.array([2, 1, 0, 1.0])[:, None] - np.array([0.25, 0, 0.25])[None, :]
    return single(2, np.ones(4) / 4, lambda t, L: P,
                  lambda t, L: base - np.log(L.sum(1) + 1e-20)[:, None])


def linear_quadratic():
    T, el, M, sigma, delta, K, q, kappa, c = 3, 5, 2, 3.0, 0.1, 1.0, 0.01, 0.5, 1.0
    e = np.arange(-3, 4) * sigma
    w = np.exp(-e**2 / 2)
    w /= w.sum()
    s = np.arange(-el, el + 1.0)
    a = np.arange(-M, M + 1.0)
    def P(t, L):
        m = (L.sum(1) * s).sum()
        p = np.zeros((11, 5, 11))
        for i in range(11):
            for j in range(5):
                for ek, wk in zip(e, w):
                    x = s[i] + (K * (m - s[i]) + a[j]) * delta + sigma * ek * math.sqrt(delta)
                    p[i, j, int(min(max(np.rint(x), -el), el)) + el] += wk
        return p
    def r(t, L):
        g = ((L.sum(1) * s).sum() - s)[:, None] + 0 * a[None, :]
        if t == T:
            return -c / 2 * g**2
        return delta * (-a[None, :]**2 / 2 + q * a[None, :] * g - kappa / 2 * g**2)
    return single(T, np.ones(11) / 11, P, r)


def equilibrium_price():
    P = np.zeros((4, 9, 4))
    q = np.repeat(np.arange(3), 3)
    h = np.tile(np.arange(3), 3)
    s = np.arange(4)
    for i in s:
        for j in range(9):
            P[i, j, min(i - min(i, q[j]) + h[j], 3)] = 1
    def r(t, L):
        p = 1 / ((L.sum(0) * q).sum() + 1)
        return ((p - 1) * q - q**2 - h)[None, :] - 2 * np.maximum(q[None, :] - s[:, None], 0) - s[:, None]
    return single(4, np.ones(4) / 4, lambda t, L: P, r)


def conservative_treasure_hunting():
    def D(L):
        return [((L - np.outer(np.eye(3)[i], np.eye(3)[i]))**2).sum() for i in range(3)]
    def P(t, L):
        p = np.zeros((3, 3, 3))
        for i in range(3):
            for a in range(3):
                d = 0 if t == 0 else D(L)[i]
                p[i, a] = (d + np.eye(3)[a]) / (1 + 3 * d)
        return p
    def r(t, L):
        return np.zeros((3, 3)) if t == 0 else np.diag(1 - np.array(D(L)) / 2)
    return single(5, np.ones(3) / 3, P, r)


def crowd_motion(n=20, points=((10, 10), (10, 10), (9, 11), (9, 11))):
    moves = [(1, 0), (-1, 0), (0, 1), (0, -1), (0, 0)]
    w = [0.125] * 4 + [0.5]
    P = np.zeros((n * n, 5, n * n))
    clamp = lambda v: min(max(v, 0), n - 1)
    for x in range(n):
        for y in range(n):
            for a, (dx, dy) in enumerate(moves):
                for (ex, ey), p in zip(moves, w):
                    P[x * n + y, a, clamp(x + dx + ex) * n + clamp(y + dy + ey)] += p
    X, Y = np.divmod(np.arange(n * n), n)
    def r(t, L):
        bx, by = points[t]
        d = (abs(X - bx) + abs(Y - by)) / (2 * n)
        return np.repeat((10 * (1 - d) - np.log(L.sum(1) + 1e-10))[:, None], 5, 1)
    return single(len(points) - 1, np.ones(n * n) / n**2, lambda t, L: P, r)


def building_evacuation(F=5, l=10, w=10):
    n = F * l * w
    P = np.zeros((n, 6, n))
    idx = lambda f, x, y: (f * l + x) * w + y
    for f in range(F):
        for x in range(l):
            for y in range(w):
                to = [(f, min(x + 1, l - 1), y), (f, max(x - 1, 0), y), (f, x, max(y - 1, 0)),
                      (f, x, min(y + 1, w - 1)),
                      (max(f - 1, 0) if (x, y) == (0, 0) else f, x, y),
                      (min(f + 1, F - 1) if (x, y) == (l - 1, w - 1) else f, x, y)]
                for a, cell in enumerate(to):
                    P[idx(f, x, y), a, idx(*cell)] = 1
    bonus = np.where(np.arange(n) < l * w, 10.0, 0.0)
    return single(3, np.ones(n) / n, lambda t, L: P,
                  lambda t, L: np.repeat((bonus - np.log(np.maximum(L.sum(1), 1e-20)))[:, None], 6, 1))


def random_linear_matrices(n=5, A=5, m=10.0, seed=0):
    stream = Stream(seed, "random-linear")
    draw = lambda *shape: np.array([m * (2 * stream.uniform() - 1)
                                    for _ in range(int(np.prod(shape)))]).reshape(shape)
    return draw(n, n), draw(n, A), draw(n, n, n), draw(n, n, A)


def random_linear(n=5, A=5, m=10.0, seed=0):
    R1, R2, P1, P2 = random_linear_matrices(n, A, m, seed)
    def P(t, L):
        z = P1 @ L + P2
        e = np.exp(z - z.max(0))
        return np.moveaxis(e / e.sum(0), 0, -1)
    return single(3, np.ones(n) / n, P, lambda t, L: R1 @ L + R2)


def predator_prey(n=5, T=9):
    moves = [(0, 0), (1, 0), (0, 1), (0, -1), (-1, 0)]
    clamp = lambda v: min(max(v, 0), n - 1)
    P = np.zeros((n * n, 5, n * n))
    for x in range(n):
        for y in range(n):
            for a, (dx, dy) in enumerate(moves):
                u, v = clamp(x + dx), clamp(y + dy)
                for ex, ey in moves:
                    P[x + y * n, a, clamp(u + ex) + clamp(v + ey) * n] += 0.2
    M = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    mu0 = []
    for x, y in ((0, 0), (n - 1, 0), (0, n - 1)):
        law = np.zeros(n * n)
        law[x + y * n] = 1
        mu0.append(law)
    def r(t, Ls):
        mus = [L.sum(1) for L in Ls]
        return [np.repeat((-np.log(mus[k] + 1e-25) + sum(M[k][j] * mus[j] for j in range(3)))[:, None], 5, 1)
                for k in range(3)]
    return dict(T=T, K=3, mu0=mu0, P=lambda t, Ls: [P] * 3, r=r)


GAMES = {
    "left-right": left_right, "rock-paper-scissors": rock_paper_scissors,
    "susceptible-infected": susceptible_infected, "beach-bar": beach_bar,
    "linear-quadratic": linear_quadratic, "equilibrium-price": equilibrium_price,
    "conservative-treasure-hunting": conservative_treasure_hunting, "crowd-motion": crowd_motion,
    "building-evacuation": building_evacuation, "random-linear": random_linear,
    "predator-prey": predator_prey,
}


# ---- the dense reference of the sweeps and solvers ----

class Dense:
    def __init__(self, game):
        self.g = game
        self.T, self.K, self.mu0 = game["T"], game["K"], game["mu0"]
        # Sizes of actions: read off the transitions at t = 0 under an arbitrary law.
        self.A = game["actions"] if "actions" in game else self._actions()

    def _actions(self):
        for guess in range(1, 200):
            try:
                Ls = [np.full((len(m), guess), 1 / (len(m) * guess)) for m in self.mu0]
                r = self.g["r"](1, Ls)
                P = self.g["P"](1, Ls)
                if P[0].shape[1] == guess and r[0].shape[1] == guess:
                    return guess
            except (ValueError, IndexError):
                continue
        raise RuntimeError("no number of actions fits")

    def uniform(self):
        return [np.full((self.T + 1, len(m), self.A), 1 / self.A) for m in self.mu0]

    def flow(self, pi):
        mus = [m.copy() for m in self.mu0]
        out = []
        for t in range(self.T + 1):
            Ls = [mu[:, None] * p[t] for mu, p in zip(mus, pi)]
            out.append(Ls)
            if t < self.T:
                Ps = self.g["P"](t, Ls)
                mus = [L.ravel() @ P.reshape(-1, P.shape[-1]) for L, P in zip(Ls, Ps)]
        return out

    def values(self, flow, pi=None):
        Q = [None] * (self.T + 1)
        for t in range(self.T, -1, -1):
            Q[t] = [np.array(r, float) for r in self.g["r"](t, flow[t])]
            if t < self.T:
                Ps = self.g["P"](t, flow[t])
                for k in range(self.K):
                    nxt = Q[t + 1][k]
                    V = nxt.max(1) if pi is None else (pi[k][t + 1] * nxt).sum(1)
                    Q[t][k] = Q[t][k] + (Ps[k].reshape(-1, len(V)) @ V).reshape(Q[t][k].shape)
        return [np.stack([Q[t][k] for t in range(self.T + 1)]) for k in range(self.K)]

    def exploitability(self, pi):
        flow = self.flow(pi)
        best, own = self.values(flow), self.values(flow, pi)
        return sum(float((m * (b[0].max(1) - (p[0] * o[0]).sum(1))).sum())
                   for m, b, o, p in zip(self.mu0, best, own, pi))


def softmax(y):
    e = np.exp(y - y.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def mirror_descent(d, n, rate):
    pi = d.uniform()
    y = [np.zeros_like(p) for p in pi]
    trace = [d.exploitability(pi)]
    for _ in range(n):
        Q = d.values(d.flow(pi), pi)
        y = [a + rate * q for a, q in zip(y, Q)]
        pi = [softmax(a) for a in y]
        trace.append(d.exploitability(pi))
    return trace


def prior_descent(d, n, eta, inner):
    pi = d.uniform()
    logp = [np.log(p) for p in pi]
    trace = [d.exploitability(pi)]
    for i in range(n):
        Q = d.values(d.flow(pi))
        z = [l + q / eta for l, q in zip(logp, Q)]
        pi = [softmax(a) for a in z]
        if inner and (i + 2) % inner == 0:
            logp = z
        trace.append(d.exploitability(pi))
    return trace


def greedy(Q, tol=1e-9):
    best = Q >= Q.max(-1, keepdims=True) - tol
    return best / best.sum(-1, keepdims=True)


def fictitious_play(d, n):
    pi = d.uniform()
    trace = [d.exploitability(pi)]
    for i in range(n):
        flow = d.flow(pi)
        br = [greedy(q) for q in d.values(flow)]
        flow_br = d.flow(br)
        w = 1 / (i + 2)
        new = []
        for k in range(d.K):
            mu = np.stack([flow[t][k].sum(1) for t in range(d.T + 1)])[..., None]
            mb = np.stack([flow_br[t][k].sum(1) for t in range(d.T + 1)])[..., None]
            total = (1 - w) * mu + w * mb
            with np.errstate(invalid="ignore", divide="ignore"):
                mixed = ((1 - w) * mu * pi[k] + w * mb * br[k]) / total
            new.append(np.where(total > 0, mixed, 1 / d.A))
        pi = new
        trace.append(d.exploitability(pi))
    return trace
