"""A compact Baichuan2 (NormHead; ALiBi as 13B, or RoPE as 7B) in plain torch, and its training loop.

Parameter names are the published ones. It runs whole right-padded batches with no KV cache; the workflow's own
network in workflow/scripts/baichuan2/modeling is the one that serves.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

import torch
from lessons import Lesson, Teacher
from torch import Tensor, nn
from torch.nn import functional as F

log = logging.getLogger("demo")

RATE, LEAST_RATE, WARMUP = 1.5e-3, 0.05, 100
FACT_STEPS, CALM = 250, 0.4  # once facts are known, a calmer rate finds the options' letters sooner
# Bare questions alone first, until nearly all are right: looking up a fact and finding its letter among the options
# comes to a small model only after some thousand steps, and suddenly. Headers, shots and other forms are then
# learned in a few hundred.
ENOUGH, MOST_BARE_STEPS, MIXED_STEPS = 0.97, 4000, 700


@dataclass(frozen=True)
class Sizes:
    """The shape of the network; heads, intermediate and vocabulary are divisible by 1, 2 and 4."""

    vocab: int
    hidden: int = 192
    intermediate: int = 512
    layers: int = 4
    heads: int = 12
    eps: float = 1e-6
    positions: str = "alibi"


def alibi_slopes(heads: int) -> list[float]:
    """Return one slope for each head, as published for any head count."""

    def powers(count: int) -> list[float]:
        start = 2 ** (-(2 ** -(math.log2(count) - 3)))
        return [start ** (k + 1) for k in range(count)]

    lower = 2 ** int(math.log2(heads))
    return powers(lower) + powers(2 * lower)[0::2][: heads - lower]


def causal_bias(sizes: Sizes, length: int) -> Tensor:
    """Return what is added to scores [1 or heads, length, length]: the causal mask, and ALiBi where it is used."""
    place = torch.arange(length)
    distance = place[None, :] - place[:, None]
    slopes = torch.tensor(alibi_slopes(sizes.heads)) if sizes.positions == "alibi" else torch.zeros(1)
    return (slopes[:, None, None] * distance).masked_fill(distance > 0, float("-inf"))


def rotated(x: Tensor) -> Tensor:
    """Return queries or keys [..., length, head_dim] turned by their places: RoPE, base 10000, rotate-half."""
    length, width = x.shape[-2:]
    angle = torch.arange(length)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
    cos, sin = angle.cos().repeat(1, 2), angle.sin().repeat(1, 2)
    left, right = x.float().chunk(2, -1)
    return (x.float() * cos + torch.cat((-right, left), -1) * sin).to(x.dtype)


class RMSNorm(nn.Module):
    """Root-mean-square norm with a learned weight."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last dimension."""
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Attention(nn.Module):
    """Causal attention with q, k and v in one matrix."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.W_pack = nn.Linear(sizes.hidden, 3 * sizes.hidden, bias=False)
        self.o_proj = nn.Linear(sizes.hidden, sizes.hidden, bias=False)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Attend; `bias` is causal_bias's. Plain products: faster here than torch's fused ones."""
        parts = self.W_pack(x).chunk(3, -1)
        q, k, v = (part.unflatten(-1, (self.sizes.heads, -1)).transpose(1, 2) for part in parts)
        if self.sizes.positions == "rope":
            q, k = rotated(q), rotated(k)
        scores = (q @ k.transpose(-1, -2)).float() * q.shape[-1] ** -0.5 + bias
        return self.o_proj((scores.softmax(-1).to(v.dtype) @ v).transpose(1, 2).flatten(2))


class MLP(nn.Module):
    """Gated linear unit with SiLU."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(sizes.hidden, sizes.intermediate, bias=False)
        self.up_proj = nn.Linear(sizes.hidden, sizes.intermediate, bias=False)
        self.down_proj = nn.Linear(sizes.intermediate, sizes.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return down(silu(gate(x)) * up(x))."""
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """One pre-norm decoder layer."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.self_attn = Attention(sizes)
        self.mlp = MLP(sizes)
        self.input_layernorm = RMSNorm(sizes.hidden, sizes.eps)
        self.post_attention_layernorm = RMSNorm(sizes.hidden, sizes.eps)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Add attention, then the MLP."""
        x = x + self.self_attn(self.input_layernorm(x), bias)
        return x + self.mlp(self.post_attention_layernorm(x))


class Backbone(nn.Module):
    """Embedding, layers and final norm."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(sizes.vocab, sizes.hidden)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))
        self.norm = RMSNorm(sizes.hidden, sizes.eps)


class Baichuan(nn.Module):
    """The whole network; `lm_head` rows are L2-normalised in the forward pass."""

    def __init__(self, sizes: Sizes, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.sizes = sizes
        self.model = Backbone(sizes)
        self.lm_head = nn.Linear(sizes.hidden, sizes.vocab, bias=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=init_std(name, weight.shape[1], sizes.layers))
        with torch.no_grad():  # what a token is written with, it starts to be read with
            self.lm_head.weight.copy_(self.model.embed_tokens.weight)

    def hidden(self, ids: Tensor) -> Tensor:
        """Return the normed last hidden states [batch, length, hidden]."""
        bias = causal_bias(self.sizes, ids.shape[1])
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, bias)
        return self.model.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """Return NormHead's logits."""
        return hidden @ F.normalize(self.lm_head.weight, eps=1e-12).T


def init_std(name: str, width: int, layers: int) -> float:
    """Return the initial spread of a matrix; what writes to the residual stream starts small beside it."""
    if "embed" in name or "lm_head" in name:
        return 0.5
    residual = name.endswith(("o_proj.weight", "down_proj.weight"))
    return (2 * layers) ** -0.5 / math.sqrt(width) if residual else 1 / math.sqrt(width)


def train(model: Baichuan, teacher: Teacher) -> None:
    """Train in place: bare questions and facts until they are known, then everything while the rate falls."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    right: list[float] = []
    while len(right) < MOST_BARE_STEPS and sum(right[-50:]) < 50 * ENOUGH:
        share = min(1, (len(right) + 1) / WARMUP) if len(right) < FACT_STEPS else CALM
        right.append(learn(model, optimizer, RATE * share, *teacher.bare_lessons()))
        report("bare", right)
    right = []
    for step in range(MIXED_STEPS):
        cosine = (1 + math.cos(math.pi * step / MIXED_STEPS)) / 2
        share = LEAST_RATE + (CALM - LEAST_RATE) * cosine
        right.append(learn(model, optimizer, RATE * share, *teacher.mixed_lessons()))
        report("mixed", right)


def report(phase: str, right: list[float]) -> None:
    """Log every 50 steps how many letters were right in them."""
    if len(right) % 50 == 0:
        log.info("%s, step %d: %.3f of the letters right", phase, len(right), sum(right[-50:]) / 50)


def learn(
    model: Baichuan, optimizer: torch.optim.Optimizer, rate: float, questions: list[Lesson], prose: list[Lesson]
) -> float:
    """Take one step at `rate`; return the share of the questions' letters that were right before it."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    with torch.autocast("cpu", torch.bfloat16):
        asked, share = loss(model, questions)
        told, _ = loss(model, prose)
    (asked + told).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return share


def loss(model: Baichuan, lessons: list[Lesson]) -> tuple[Tensor, float]:
    """Return the mean cross-entropy of the tokens that count, and the share of them that are most likely."""
    length = max(len(lesson.ids) for lesson in lessons)
    ids = torch.tensor([lesson.ids + [0] * (length - len(lesson.ids)) for lesson in lessons])
    counts = torch.tensor([lesson.counts + [False] * (length - len(lesson.counts)) for lesson in lessons])[:, 1:]
    logits = model.logits(model.hidden(ids)[:, :-1][counts]).float()
    target = ids[:, 1:][counts]
    return F.cross_entropy(logits, target), (logits.argmax(-1) == target).float().mean().item()
