import os
import pkgutil


__all__ = list(module for _, module, _ in pkgutil.iter_modules([os.path.dirname(__file__)]))

from . import npu_fusion_attention, npu_rms_norm, npu_rotary_mul
