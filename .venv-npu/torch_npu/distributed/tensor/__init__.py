import torch_npu.distributed.tensor._pointwise_ops
import torch_npu.distributed.tensor._matrix_ops
import torch_npu.distributed.tensor._attention
import torch_npu.distributed.tensor._math_ops
import torch_npu.distributed.tensor._moe_ops
import torch_npu.distributed.tensor._view_ops
import torch_npu.distributed.tensor._sharded_tensor_patch
import torch_npu.distributed.tensor.experimental
