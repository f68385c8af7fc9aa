"""One policy-gradient step of a router of the published size in PyTorch, on one thread.

The same shapes as `wayfield bench --name policy-gradient`: 7,500 decisions, 16 one-hot inputs of
which two are set, five hidden layers of 128, three actions. The first layer is tried as a dense
product and as an embedding sum; the faster counts. Prints processor seconds a step, the products of
480 x 128 by 128 x 128 in GFLOP/s, and one JSON object.
"""
import json
import time

import torch

ROWS, INPUTS, HIDDEN, LAYERS, OUTPUTS = 7500, 16, 128, 5, 3


class Dense(torch.nn.Module):
    def __init__(self):
        super().__init__()
        widths = [INPUTS] + [HIDDEN] * LAYERS + [OUTPUTS]
        layers = []
        for i, (a, b) in enumerate(zip(widths, widths[1:])):
            layers.append(torch.nn.Linear(a, b))
            if i < LAYERS:
                layers.append(torch.nn.ReLU())
        self.net = torch.nn.Sequential(*layers)

    def forward(self, indices):
        x = torch.zeros(ROWS, INPUTS).scatter_(1, indices, 1.0)
        return self.net(x)


class Sparse(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.EmbeddingBag(INPUTS, HIDDEN, mode="sum")
        self.bias = torch.nn.Parameter(torch.zeros(HIDDEN))
        widths = [HIDDEN] * LAYERS + [OUTPUTS]
        layers = [torch.nn.ReLU()]
        for i, (a, b) in enumerate(zip(widths, widths[1:])):
            layers.append(torch.nn.Linear(a, b))
            if i < LAYERS - 1:
                layers.append(torch.nn.ReLU())
        self.net = torch.nn.Sequential(*layers)

    def forward(self, indices):
        return self.net(self.first(indices) + self.bias)


def step_seconds(model, indices, actions, weights, repeats=5, steps=10):
    best = float("inf")
    for _ in range(repeats + 1):  # the first round warms up
        start = time.process_time()
        for _ in range(steps):
            log_p = torch.log_softmax(model(indices), dim=1)
            value = (weights * log_p.gather(1, actions[:, None])[:, 0]).sum()
            gradients = torch.autograd.grad(value, list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients):
                    parameter.add_(gradient, alpha=0.01)
        best = min(best, (time.process_time() - start) / steps)
    return best


def product_rate(repeats=5):
    a, b = torch.rand(480, 128), torch.rand(128, 128)
    c = torch.empty(480, 128)
    best = 0.0
    for _ in range(repeats):
        start = time.process_time()
        for _ in range(1000):
            torch.mm(a, b, out=c)
        best = max(best, 1000 * 2 * 480 * 128 * 128 / (time.process_time() - start) / 1e9)
    return best


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(1)
    indices = torch.stack(
        [torch.randint(0, 13, (ROWS,)), 13 + torch.randint(0, 3, (ROWS,))], dim=1)
    actions = torch.randint(0, OUTPUTS, (ROWS,))
    weights = torch.randn(ROWS) / ROWS
    times = {
        kind.__name__.lower(): step_seconds(kind(), indices, actions, weights)
        for kind in (Dense, Sparse)
    }
    print(json.dumps({
        "torch": torch.__version__, "processorSecondsPerStep": min(times.values()), **times,
        "productGigaflops": product_rate(),
    }))
