from .wrapper_onnx_ops import _add_onnx_ops
from .wrapper_ops_combined import _add_ops_combined_for_onnx

__all__ = []


_add_onnx_ops()
_add_ops_combined_for_onnx()
