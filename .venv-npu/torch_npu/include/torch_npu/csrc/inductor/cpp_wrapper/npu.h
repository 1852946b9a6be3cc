#pragma once

#include <torch/csrc/inductor/cpp_wrapper/common.h>
#include <torch_npu/csrc/inductor/cpp_wrapper/device_internal/npu.h>
