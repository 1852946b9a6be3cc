#include <torch/csrc/utils/python_stub.h>
#include "torch_npu/csrc/core/npu/NPUMacros.h"
#include "torch_npu/csrc/core/npu/NPUException.h"

namespace torch_npu {
namespace autocast {

TORCH_NPU_API PyMethodDef* autocast_mode_functions();

}
} // namespace torch_npu
