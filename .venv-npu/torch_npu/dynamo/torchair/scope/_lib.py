import torch

lib = torch.library.Library("air", "FRAGMENT")
