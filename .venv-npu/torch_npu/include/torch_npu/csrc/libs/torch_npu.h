#pragma once

#include "torch_npu/csrc/libs/init_npu.h"
#include "torch_npu/csrc/aten/NPUNativeFunctions.h"
