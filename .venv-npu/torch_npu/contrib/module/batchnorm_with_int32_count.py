"""
This file will be discarded.
"""

from torch_npu.contrib.module._batchnorm_with_int32_count import FastBatchNorm1d, FastBatchNorm2d, FastBatchNorm3d, FastSyncBatchNorm

__all__ = []
