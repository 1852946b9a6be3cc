// Copyright (c) 2024 Huawei Technologies Co., Ltd
// All rights reserved.
//
// Licensed under the BSD 3-Clause License  (the "License");
// you may not use this file except in compliance with the License.
// You may obtain a copy of the License at
//
// https://opensource.org/licenses/BSD-3-Clause
//
// Unless required by applicable law or agreed to in writing, software
// distributed under the License is distributed on an "AS IS" BASIS,
// WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
// See the License for the specific language governing permissions and
// limitations under the License.
#pragma once

#define V2R1 0
#define V2R2 1
#define V2R3 2
#define V2R4 3
#define V2R5 4
#define V2R6 5
#define V2R7 6
#define V2R8 7
#define V2R9 8
#define V2R10 9
#define V2R11 10
#define V2R12 11
#define V2R13 12
#define V2R14 13
#define V2R15 14
#define VERSION_NEWEST V2R15
#define VERSION_BETWEEN(start, end) ((CURRENT_VERSION) >= (start) && (CURRENT_VERSION) <= (end))
