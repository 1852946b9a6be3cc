"""A fake CANN, so that the unmodified torch_npu runs on a machine without an Ascend.

build.py makes CANN's libraries for the torch_npu at hand: device memory is the host's (runtime.c), aclTensor and its
like are plain records (records.c), operators and collectives are torch references (operators.py, hccl.py), called
through a table of functions that references.py fills. An operator without a reference, or one that the chip of
FAKE_NPU_SOC lacks, ends with an error. Every call is recorded.

It proves that torch_npu's own code accepts the calls (dispatch, dtypes, shapes, layouts, devices, collectives), and
that the numbers are right if the operators do what their documents say. It proves nothing of the hardware's numerics,
speed, memory or asynchrony.

FAKE_NPU_COUNT: cards (0). FAKE_NPU_SOC: Ascend910B4, or another chip's name. FAKE_NPU_MEMORY: bytes of a card.
FAKE_NPU_LOG: a file to which each process appends the name of every operator that it calls. FAKE_NPU_PSE_FIRST: 1
makes fused attention wrong, as it would be if it added pse_shift before it scales.
"""
