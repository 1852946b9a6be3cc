#pragma once

#include "torch_npu/csrc/core/npu/NpuVariables.h"
