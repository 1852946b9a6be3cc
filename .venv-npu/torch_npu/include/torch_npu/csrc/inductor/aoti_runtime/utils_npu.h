#pragma once

#ifdef USE_NPU
// WARNING: Be careful when adding new includes here. This header will be used
// in model.so, and should not refer to any aten/c10 headers except the stable
// C ABI defined in torch_npu/csrc/inductor/aoti_torch/c/shim.h. The same rule
// applies to other files under torch_npu/csrc/inductor/aoti_runtime/.

#include <acl/acl_base.h>
#include <torch/csrc/inductor/aoti_runtime/utils.h>
#include <torch_npu/csrc/inductor/aoti_torch/c/shim_npu.h>
namespace torch::aot_inductor {

inline void delete_npu_guard(void* ptr) {
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_delete_npu_guard(reinterpret_cast<NPUGuardHandle>(ptr)));
}

inline void delete_npu_stream_guard(void* ptr) {
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_delete_npu_stream_guard(reinterpret_cast<NPUStreamGuardHandle>(ptr)));
}

class AOTINpuGuard {
 public:
  AOTINpuGuard(int32_t device_index) : guard_(nullptr, delete_npu_guard) {
    NPUGuardHandle ptr = nullptr;
    AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_create_npu_guard(device_index, &ptr));
    guard_.reset(ptr);
  }

  void set_index(int32_t device_index) {
    AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_npu_guard_set_index(guard_.get(), device_index));
  }

 private:
  std::unique_ptr<NPUGuardOpaque, DeleterFnPtr> guard_;
};

class AOTINpuStreamGuard {
 public:
  AOTINpuStreamGuard(void* stream, int32_t device_index) : guard_(nullptr, delete_npu_stream_guard) {
    NPUStreamGuardHandle ptr = nullptr;
    AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_create_npu_stream_guard(stream, device_index, &ptr));
    guard_.reset(ptr);
  }

 private:
  std::unique_ptr<NPUStreamGuardOpaque, DeleterFnPtr> guard_;
};

} // namespace torch::aot_inductor
#endif // USE_NPU
