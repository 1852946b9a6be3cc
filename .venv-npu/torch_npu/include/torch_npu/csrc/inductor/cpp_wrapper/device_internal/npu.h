#pragma once

#include <torch_npu/csrc/inductor/aoti_runtime/utils_npu.h>
#include <torch_npu/csrc/inductor/aoti_torch/generated/c_shim_npu.h>
