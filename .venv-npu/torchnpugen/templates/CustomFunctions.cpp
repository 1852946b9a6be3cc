#include <ATen/core/dispatch/Dispatcher.h>

#include "torch_npu/csrc/aten/CustomFunctions.h"


namespace at_npu {
namespace native {
namespace custom_ops {

${custom_function_definitions}

}  // namespace custom_ops
}  // namespace native
}  // namespace at_npu
