# Internal implementation package for torch_npu.
# Do not import runtime modules here to avoid import-time side effects.
