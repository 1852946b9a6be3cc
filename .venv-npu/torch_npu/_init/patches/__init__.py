# Internal patch management package for torch_npu.
# Keep this package initializer side-effect free.
#
# Concrete *_patches modules are auto-discovered by PatchManager.
