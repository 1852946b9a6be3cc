#pragma once

#include "third_party/op-plugin/op_plugin/include/ops.h"
