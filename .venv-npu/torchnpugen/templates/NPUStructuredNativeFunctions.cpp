// ${generated_comment}

#include "torch_npu/csrc/aten/NPUStructuredNativeFunctions.h"

#include "op_plugin/OpInterface.h"

namespace at_npu {
namespace native {

${structured_definitions}

} // namespace native
} // namespace at_npu
