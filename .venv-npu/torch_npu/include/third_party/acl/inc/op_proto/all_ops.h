/*!
 * \file all_ops.h
 * \brief
 */
#ifndef OPS_BUILT_IN_OP_PROTO_INC_ALL_OPS_H_
#define OPS_BUILT_IN_OP_PROTO_INC_ALL_OPS_H_

#include "array_ops.h"
#include "split_combination_ops.h"
#include "experiment_ops.h"
#endif  // OPS_BUILT_IN_OP_PROTO_INC_ALL_OPS_H_
