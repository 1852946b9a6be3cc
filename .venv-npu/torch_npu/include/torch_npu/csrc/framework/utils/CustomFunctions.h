#ifndef PLUGIN_NATIVE_UTILS_CUSTOM_FUNCTIONS
#define PLUGIN_NATIVE_UTILS_CUSTOM_FUNCTIONS

#include "torch_npu/csrc/aten/CustomFunctions.h"

#endif
