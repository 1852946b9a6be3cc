/**
 * @file prof_api.h
 *
 * Minimal profiling API declarations required by DVM and MLIR launcher code.
 */
#ifndef PROF_API_H
#define PROF_API_H

#include "prof_common.h"

#endif
