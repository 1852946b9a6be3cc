#ifndef TORCH_NPU_CSRC_ATEN_CUSTOM_REDISPATCH
#define TORCH_NPU_CSRC_ATEN_CUSTOM_REDISPATCH

#include <ATen/ATen.h>
#include "torch_npu/csrc/core/npu/NPUMacros.h"

namespace at_npu {
namespace redispatch {

${custom_function_declarations}

}  // namespace redispatch
}  // namespace at_npu

#endif
