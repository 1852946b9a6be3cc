#ifndef TORCH_NPU_CSRC_ATEN_CUSTOM_FUNCTIONS
#define TORCH_NPU_CSRC_ATEN_CUSTOM_FUNCTIONS

#include <ATen/ATen.h>
#include "torch_npu/csrc/core/npu/NPUMacros.h"

namespace at_npu {
namespace native {
namespace custom_ops {

${custom_function_declarations}

}  // namespace custom_ops
}  // namespace native
}  // namespace at_npu

#endif
