__all__ = []

from torch_npu.distributed.nn import functional
