#include <ATen/core/dispatch/Dispatcher.h>

#include "torch_npu/csrc/aten/CustomRedispatch.h"


namespace at_npu {
namespace redispatch {

${custom_function_definitions}

}  // namespace redispatch
}  // namespace at_npu
