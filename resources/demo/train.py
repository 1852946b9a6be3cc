"""A compact Baichuan2 (the 13B kind: ALiBi, NormHead) in plain torch, and its training loop.

Parameter names are the published ones. It runs whole right-padded batches with no KV cache; the workflow's own
network in workflow/scripts/baichuan2/modeling is the one that serves.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass

import torch
from lessons import ALL, LAST, Teacher
from torch import Tensor, nn
from torch.nn import functional as F

log = logging.getLogger("demo")


@dataclass(frozen=True)
class Sizes:
    """The shape of the network; heads, intermediate and vocabulary are divisible by 1, 2 and 4."""

    vocab: int
    hidden: int = 192
    intermediate: int = 512
    layers: int = 4
    heads: int = 12
    eps: float = 1e-6


@dataclass(frozen=True)
class Stage:
    """A stretch of training: how many steps, and what one batch holds."""

    steps: int
    questions: int  # exam questions in a batch, shots included
    shots: int  # at most so many before the question asked
    prose: int  # tokens of prose


# A fact has to be known before its letter can be found, and one question comes before a row of six.
COURSE = (Stage(250, 0, 0, 2400), Stage(500, 48, 0, 800), Stage(400, 72, 5, 800))
TABLE_RATE, MATRIX_RATE, WARMUP = 1.5e-3, 5e-4, 50


def alibi_slopes(heads: int) -> list[float]:
    """Return one slope for each head, as published for any head count."""

    def powers(count: int) -> list[float]:
        start = 2 ** (-(2 ** -(math.log2(count) - 3)))
        return [start ** (k + 1) for k in range(count)]

    lower = 2 ** int(math.log2(heads))
    return powers(lower) + powers(2 * lower)[0::2][: heads - lower]


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
        self.heads = sizes.heads
        self.W_pack = nn.Linear(sizes.hidden, 3 * sizes.hidden, bias=False)
        self.o_proj = nn.Linear(sizes.hidden, sizes.hidden, bias=False)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Attend; `bias` holds ALiBi and the causal mask."""
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.W_pack(x).chunk(3, -1)
        )
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.o_proj(out.transpose(1, 2).flatten(2))


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
        self.model = Backbone(sizes)
        self.lm_head = nn.Linear(sizes.hidden, sizes.vocab, bias=False)
        self.slopes = torch.tensor(alibi_slopes(sizes.heads))
        self.start(sizes)

    @torch.no_grad()
    def start(self, sizes: Sizes) -> None:
        """Initialise so that attention begins by matching equal tokens and copying what it finds.

        Keys begin equal to queries, o_proj as the transpose of v, the head equal to the embedding, and the first
        layer looks at places rather than contents. Without this the option that holds the known value, and its
        letter, take many times as long to find.
        """
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                std = 0.1 if "embed" in name else weight.shape[1] ** -0.5
                nn.init.normal_(weight, std=0.15 * std if name.endswith("down_proj.weight") else std)
        for depth, layer in enumerate(self.model.layers):
            q, k, v = layer.self_attn.W_pack.weight.chunk(3)
            if depth == 0:
                q *= 0.1
            k.copy_(q)
            layer.self_attn.o_proj.weight.copy_((0.3 if depth == 0 else 0.2) * v.T)
        self.lm_head.weight.copy_(self.model.embed_tokens.weight)

    def hidden(self, ids: Tensor) -> Tensor:
        """Return the normed last hidden states [batch, length, hidden]."""
        place = torch.arange(ids.shape[1])
        distance = place[None, :] - place[:, None]
        bias = self.slopes[:, None, None] * distance
        bias = bias.masked_fill(distance > 0, float("-inf"))[None]
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, bias)
        return self.model.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """Return NormHead's logits."""
        return hidden @ F.normalize(self.lm_head.weight, eps=1e-12).T


def draw_batch(teacher: Teacher, stage: Stage) -> tuple[Tensor, Tensor]:
    """Return token ids and loss modes, both [rows, length]: rows of exam, then rows of prose."""
    shots = teacher.rng.randint(0, stage.shots)
    rows = [teacher.tokens(teacher.exam(shots)) for _ in range(stage.questions // (shots + 1))]
    length = max((len(ids) for ids, _ in rows), default=64)
    for _ in range(math.ceil(stage.prose / length)):
        row = ([], [])
        while len(row[0]) < length:
            for whole, part in zip(row, teacher.tokens(teacher.prose()), strict=True):
                whole.extend(part)
        rows.append((row[0][:length], row[1][:length]))
    padded = [[part + [0] * (length - len(part)) for part in row] for row in rows]
    ids, modes = torch.tensor(padded).unbind(1)
    return ids, modes


def train(model: Baichuan, teacher: Teacher, course: tuple[Stage, ...] = COURSE, watch=None) -> None:
    """Train in place; the loss counts only where the lessons say."""
    tables = [model.model.embed_tokens.weight, model.lm_head.weight]
    matrices = [p for p in model.model.layers.parameters() if p.dim() == 2]
    norms = [p for p in model.parameters() if p.dim() == 1]
    groups = [
        {"params": tables, "lr": TABLE_RATE, "weight_decay": 0.0},
        {"params": matrices, "lr": MATRIX_RATE, "weight_decay": 0.02},
        {"params": norms, "lr": MATRIX_RATE, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    stages = [stage for stage in course for _ in range(stage.steps)]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, len(stages)))
    began, seen = time.time(), []
    for step, stage in enumerate(stages, start=1):
        ids, modes = draw_batch(teacher, stage)
        target, modes = ids[:, 1:], modes[:, 1:]
        hidden = model.hidden(ids)[:, :-1]
        losses = [
            F.cross_entropy(model.logits(hidden[modes == mode]), target[modes == mode])
            for mode in (LAST, ALL)
            if (modes == mode).any()
        ]
        sum(losses).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        schedule.step()
        seen.append([loss.item() for loss in losses])
        if step % 50 == 0:
            means = [f"{sum(column) / len(column):.3f}" for column in zip(*seen[-50:], strict=True)]
            log.info("step %d, %.0f s: loss (exam, prose) %s", step, time.time() - began, " ".join(means))
        if watch and step % 100 == 0:
            watch(model)


def rate(step: int, steps: int) -> float:
    """Return the learning rate's share of its peak: a warm-up, then a cosine down to zero."""
    if step < WARMUP:
        return (step + 1) / WARMUP
    return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / max(1, steps - WARMUP)))
