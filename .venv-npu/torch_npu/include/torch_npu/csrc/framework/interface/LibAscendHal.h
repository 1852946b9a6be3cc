#ifndef __TORCH_NPU_LIBASCEND_HAL__
#define __TORCH_NPU_LIBASCEND_HAL__

namespace at_npu {
namespace native {
int64_t getFreq();
bool isSyscntEnable();
} // namespace native
} // namespace at_npu
#endif
