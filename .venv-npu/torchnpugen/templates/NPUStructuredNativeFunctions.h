#pragma once

// ${generated_comment}

#include <ATen/Tensor.h>
#include <ATen/TensorIterator.h>

${meta_includes}

namespace at_npu {
namespace native {

${structured_declarations}

} // namespace native
} // namespace at_npu
