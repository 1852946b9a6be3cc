import torch

npu_define_lib = torch.library.Library("npu_define", "FRAGMENT")
