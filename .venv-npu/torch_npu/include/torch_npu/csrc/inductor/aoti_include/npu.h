#pragma once

#include <torch_npu/csrc/inductor/aoti_include/common.h>
#include <torch_npu/csrc/inductor/cpp_wrapper/device_internal/npu.h>
