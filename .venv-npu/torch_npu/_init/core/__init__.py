# Core initialization helpers for torch_npu.
# Keep this package initializer side-effect free.
