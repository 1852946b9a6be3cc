"""
This file will be discarded.
"""

from torch_npu.asd._silent_fault_data import parse_thresh, get_thresh, SilentFaultData, SilentFaultDataV2

__all__ = []
