"""C++ language standard selection based on the installed PyTorch version."""

import re


_TORCH_CXX20_VERSION = (2, 13)


def get_torch_cxx_standard(torch_version=None):
    """Return the C++ standard required by the installed PyTorch headers.

    PyTorch 2.13 and later require C++20.  Keep C++17 for older releases so
    TorchAir remains compatible with their headers and toolchains.  Development
    and local version suffixes are intentionally ignored.
    """
    if torch_version is None:
        import torch

        torch_version = getattr(torch, "__version__", "")

    match = re.match(r"^(\d+)\.(\d+)", str(torch_version))
    if match and (int(match.group(1)), int(match.group(2))) >= _TORCH_CXX20_VERSION:
        return "c++20"
    return "c++17"
