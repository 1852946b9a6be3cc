"""A fake CANN, so that the unmodified torch_npu runs on a machine without an Ascend.

build.py makes CANN's libraries for the torch_npu at hand: device memory is the host's (runtime.c), aclTensor and its
like are plain records (records.c), operators and collectives are torch references (operators.py, hccl.py), called
through a table of functions that references.py fills. An operator without a reference, or one that the chip of
FAKE_NPU_SOC lacks, ends with an error. Every call is recorded.

It proves that torch_npu's own code accepts the calls (dispatch, dtypes, shapes, layouts, devices, collectives), and
that the numbers are right if the operators do what their documents say. It proves nothing of the hardware's numerics,
speed, memory or asynchrony.

FAKE_NPU_COUNT: cards (0). FAKE_NPU_SOC: Ascend910B4, or another chip's name. FAKE_NPU_MEMORY: bytes of a card.
FAKE_NPU_LOG: a file to which each process appends the name of every operator that it calls. FAKE_NPU_FAULTS: names,
with commas between them, of what is wrong with the chip, for tests that acceptance sees it:

- pse_first: fused attention adds pse_shift before it scales.
- mask_512: fused attention of one query ignores its mask from key 512 on, as a report says of 910B.
- saturation: 910B has neither inf nor NaN, as older chips.
- jit: CANN refuses to switch its just-in-time compiler off, as where its Python lacks a package.
- deq_bits: int8 products take fewer bits of a scale than the 19 of the document.
- rounding: codes of int8 are rounded toward zero.
"""
