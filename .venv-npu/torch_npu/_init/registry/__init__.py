# Internal registry management package for torch_npu.
# Keep this package initializer side-effect free.
