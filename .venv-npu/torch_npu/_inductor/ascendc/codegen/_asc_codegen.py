import itertools
import sympy
from typing import Dict

import torch
from torch._inductor.codegen.common import IndentedBuffer, TensorArg as InductorTensorArg, SizeArg as InductorSizeArg
from torch._inductor.codegen.cpp_utils import CppPrinter
from torch._inductor.virtualized import V

from .. import config
from ..common.asc_graph import FusedASCGraph, asc_scalar_dtype, host_scalar_carrier_dtype
from ..common.debug import save_asserts
from ..common.utils import load_autofuser, is_gte_cann_version, log_compile_duration


def _cpp_tiling_dtype(graph: FusedASCGraph):
    if config.debugging_on_cpu:
        return "AutofuseTilingData"
    return graph.tiling_dtype_str


class KernelArg:
    def __init__(self, name, c_type):
        self.name = name
        self.c_type = c_type

    def __repr__(self):
        return self.name

    @property
    def signature(self):
        if self.c_type.endswith("*"):
            return f"{self.c_type}{self.name}"
        return f"{self.c_type} {self.name}"


class TensorArg(KernelArg):
    def __init__(self, name):
        super().__init__(name, "void *")


class ScalarArg(KernelArg):
    def __init__(self, name, c_type, *, source_c_type=None):
        super().__init__(name, c_type)
        self.source_c_type = source_c_type or c_type


class StreamArg(KernelArg):
    def __init__(self, name):
        super().__init__(name, "void *")


class SymArg(KernelArg):
    def __init__(self, name):
        super().__init__(name, "int64_t")


class Int64Arg(KernelArg):
    def __init__(self, name):
        super().__init__(name, "int64_t")


class CharPtrArg(KernelArg):
    def __init__(self, name):
        super().__init__(name, "char *")


SCALAR_C_TYPES = {
    torch.float32: "float",
    torch.int8: "int8_t",
    torch.int16: "int16_t",
    torch.int32: "int32_t",
    torch.int64: "int64_t",
    torch.uint8: "uint8_t",
    torch.bool: "bool",
}


def _scalar_c_type(dtype):
    if dtype not in SCALAR_C_TYPES:
        raise NotImplementedError(f"Unsupported ScalarData dtype for NPU wrapper: {dtype}")
    return SCALAR_C_TYPES[dtype]

# Mapping from torch dtype to CANN aclDataType enum value.
_TORCH_DTYPE_TO_ACL_TYPE = {
    torch.float32: 0,              # ACL_FLOAT
    torch.float16: 1,              # ACL_FLOAT16
    torch.int8: 2,                 # ACL_INT8
    torch.int32: 3,                # ACL_INT32
    torch.uint8: 4,                # ACL_UINT8
    torch.int16: 6,                # ACL_INT16
    torch.uint16: 7,               # ACL_UINT16
    torch.uint32: 8,               # ACL_UINT32
    torch.int64: 9,                # ACL_INT64
    torch.uint64: 10,              # ACL_UINT64
    torch.float64: 11,             # ACL_DOUBLE
    torch.bool: 12,                # ACL_BOOL
    torch.complex64: 16,           # ACL_COMPLEX64
    torch.complex128: 17,          # ACL_COMPLEX128
    torch.bfloat16: 27,            # ACL_BF16
    torch.complex32: 33,           # ACL_COMPLEX32
    torch.float8_e5m2: 35,         # ACL_FLOAT8_E5M2
    torch.float8_e4m3fn: 36,       # ACL_FLOAT8_E4M3FN
    torch.float8_e4m3fnuz: 36,     # ACL_FLOAT8_E4M3FN
    torch.float8_e5m2fnuz: 35,     # ACL_FLOAT8_E5M2
}


def _sympy_to_cpp_expr(expr, sym_name_map):
    """Convert a sympy expression to a C++ expression string.

    For symbols, look up the corresponding wrapper arg name in sym_name_map.
    Uses CppPrinter for complex expressions to ensure valid C++ output
    (e.g. FloorDiv -> c10::div_floor_integer instead of Python-style '//').
    """
    if isinstance(expr, sympy.Integer):
        return str(int(expr))
    if isinstance(expr, sympy.Symbol):
        return sym_name_map.get(str(expr), str(expr))
    replacements = {
        sym: sympy.Symbol(sym_name_map[str(sym)])
        for sym in expr.free_symbols
        if str(sym) in sym_name_map
    }
    if replacements:
        expr = expr.subs(replacements)
    return CppPrinter().doprint(expr)


def _collect_unmapped_prof_symbols(graph: FusedASCGraph):
    """扫描输入/输出 buffer shape，收集不在 kernel sizevars 中的符号。

    这些符号因 guard 含 FloorDiv 而 _maybe_guard_rel 无法解析，simplify 不消解，
    但运行时与 kernel sizevars 满足等式关系（如 s64 == 2*FloorDiv(s56,2)）。
    将它们作为额外参数传入 wrapper 签名（pk*），使 fill_prof_tensors 能引用运行时值。

    结果写入 graph.prof_size_var_names 和 graph.prof_size_vars，供 codegen_cpp_wrapper
    和 codegen_nodes 使用。
    """
    if getattr(graph, "_prof_symbols_collected", False):
        return
    sym_name_map = {str(v.expr) for v in graph.args if isinstance(v, InductorSizeArg)}
    prof_arg_shapes = getattr(graph, "prof_arg_shapes", None)
    prof_size_var_names = getattr(graph, "prof_size_var_names", set())
    unmapped = []
    for v in graph.args:
        if not isinstance(v, InductorTensorArg):
            continue
        if prof_arg_shapes is not None and v.name in prof_arg_shapes:
            continue
        try:
            buf = V.graph.get_buffer(v.buffer)
            if buf is None:
                continue
            for s in buf.get_size():
                for sym in V.graph.sizevars.simplify(s).free_symbols:
                    if str(sym) not in sym_name_map:
                        sym_name_map.add(str(sym))
                        pk_name = f"pk{len(unmapped)}"
                        unmapped.append((sym, pk_name))
                        prof_size_var_names.add(pk_name)
        except Exception:
            pass
    graph.prof_size_var_names = prof_size_var_names
    graph.prof_size_vars = unmapped
    graph._prof_symbols_collected = True
    # 将 pk* 作为 SizeArg 追加到 graph.args，使 codegen_cpp_wrapper 遍历时
    # 能通过 prof_size_var_names 自然分到 prof_symbol_args，无需手动补充。
    for sym, pk_name in unmapped:
        graph.args.append(InductorSizeArg(pk_name, sym))


def _codegen_profiling_func(graph: FusedASCGraph):
    """Generate aclprofRangePushEx code for the wrapper.

    Returns a string of C++ code that creates aclprofTensor array and calls aclprofRangePushEx.
    """
    _collect_unmapped_prof_symbols(graph)

    # Build symbol name map: sympy symbol str -> wrapper arg name, eg: {'s77': 'ks0', 's27': 'ks1’}
    # pk* 已由 _collect_unmapped_prof_symbols 追加到 graph.args，此处遍历即包含它们。
    sym_name_map = {}
    for v in graph.args:
        if isinstance(v, InductorSizeArg):
            sym_name_map[str(v.expr)] = v.name

    # 独立 transpose kernel 的 args SizeArg 处在 kernel 自身符号空间（ks*），而 V.graph 里
    # 该输入 buffer 的 size 用的是外层 dynamo 符号（s*）。若仍从 V.graph 取 shape，会在
    # fill_prof_tensors 里引用未声明的 s* 变量导致 wrapper 编译失败。故 transpose kernel 在
    # build() 里以 prof_arg_shapes（按 wrapper arg 名 in_ptr0/out_ptr0 给出、ks* 空间的 loop
    # size）覆盖；主 kernel 无此属性，回退 V.graph 查询，行为不变。
    prof_arg_shapes = getattr(graph, "prof_arg_shapes", None)

    tensor_infos = []
    output_outer_set = set(graph.outputs_outer)
    # inplace buffer 同时是输入和输出，但其 inner name 被从 inputs_outer 中过滤掉，
    # 需要从 inplace_input_outers 补充识别，确保 prof 数据同时记录输入和输出 tensor。
    inplace_input_outers = getattr(graph, "inplace_input_outers", set())
    for v in graph.args:
        if not isinstance(v, InductorTensorArg):
            continue
    for v in graph.args:
        if not isinstance(v, InductorTensorArg):
            continue
        buffer_name = v.buffer
        dtype_int = _TORCH_DTYPE_TO_ACL_TYPE.get(v.dtype, -1)  # -1 = ACL_DT_UNDEFINED

        # Get shape: transpose kernel 用 prof_arg_shapes 覆盖（ks* 空间），否则从 V.graph 取。
        shape_exprs = []
        if prof_arg_shapes is not None and v.name in prof_arg_shapes:
            shape_exprs = prof_arg_shapes[v.name]
        else:
            try:
                buf = V.graph.get_buffer(buffer_name)
                if buf is not None:
                    shape_exprs = buf.get_size()
                    shape_exprs = [V.graph.sizevars.simplify(s) for s in shape_exprs]
            except Exception:
                pass

        shape_cpp = [_sympy_to_cpp_expr(s, sym_name_map) for s in shape_exprs]
        shape_cpp = shape_cpp[:8]

        # inplace buffer 同时是输入和输出，需额外记录输入 tensor（type=0）
        if v.name in inplace_input_outers:
            tensor_infos.append((0, dtype_int, shape_cpp))
        tensor_type = 1 if v.name in output_outer_set else 0
        tensor_infos.append((tensor_type, dtype_int, shape_cpp))

    if not tensor_infos:
        return "", ""

    n = len(tensor_infos)
    func_name = f"fill_prof_tensors_{graph.name}"

    # Collect symbol arg names for function parameters (dynamic shape vars)
    # pk* 已在 graph.args 中，遍历即包含 ks* 和 pk*
    sym_arg_names = [v.name for v in graph.args if isinstance(v, InductorSizeArg)]
    sym_params = ", ".join([f"int64_t {name}" for name in sym_arg_names])
    sym_call_args = ", ".join(sym_arg_names) if sym_arg_names else ""

    # Generate helper function: fill_prof_tensors_xxx(prof_tensors, prof_tensor_info, prof_attr, ks0, ks1, ...)
    func_sig_params = f"aclprofTensor *prof_tensors, aclprofTensorInfo *prof_tensor_info, aclprofEventAttributes *prof_attr, uint32_t block_dim, void *current_stream"
    if sym_params:
        func_sig_params += f", {sym_params}"
    func_lines = []
    func_lines.append(f"static void {func_name}({func_sig_params}) {{")
    for i, (ttype, dtype_int, shape_cpp) in enumerate(tensor_infos):
        func_lines.append(f"    prof_tensors[{i}].type = {ttype}U;")
        func_lines.append(f"    prof_tensors[{i}].format = 2U;")
        func_lines.append(f"    prof_tensors[{i}].dataType = {dtype_int};")
        func_lines.append(f"    prof_tensors[{i}].shapeDim = {len(shape_cpp)}U;")
        for j, s in enumerate(shape_cpp):
            func_lines.append(f"    prof_tensors[{i}].shape[{j}] = static_cast<uint32_t>({s});")
    func_lines.append(f"    prof_tensor_info->opNameId = aclprofStr2Id(\"{graph.name}\");")
    func_lines.append(f"    prof_tensor_info->opTypeId = aclprofStr2Id(\"AscBackend\");")
    func_lines.append(f"    prof_tensor_info->tensorNum = {n}U;")
    func_lines.append(f"    prof_tensor_info->kernelType = 0U;")
    func_lines.append(f"    prof_tensor_info->blockNums = block_dim;")
    func_lines.append(f"    prof_tensor_info->stream = current_stream;")
    func_lines.append(f"    prof_tensor_info->tensors = prof_tensors;")
    func_lines.append(f"    prof_attr->version = ACL_PROF_EVENT_ATTR_VERSION;")
    func_lines.append(f"    prof_attr->size = sizeof(aclprofEventAttributes);")
    func_lines.append(f"    prof_attr->messageType = ACL_PROF_MESSAGE_TYPE_TENSOR_INFO;")
    func_lines.append(f"    prof_attr->message.tensorInfo = prof_tensor_info;")
    func_lines.append("}")
    func_def = "\n".join(func_lines)

    # Generate inline push code for lambda (only decl + fill call + push stay in lambda)
    indent = "        "
    call_args = "prof_tensors, &prof_tensor_info, &prof_attr, block_dim, current_stream"
    if sym_call_args:
        call_args += f", {sym_call_args}"
    lines = []
    lines.append(f"{indent}if (prof_enabled) {{")
    lines.append(f"{indent}    aclprofTensor prof_tensors[{n}] = {{}};")
    lines.append(f"{indent}    aclprofTensorInfo prof_tensor_info = {{}};")
    lines.append(f"{indent}    aclprofEventAttributes prof_attr = {{}};")
    lines.append(f"{indent}    {func_name}({call_args});")
    lines.append(f"{indent}    aclprofRangePushEx(&prof_attr);")
    lines.append(f"{indent}}}")
    push_code = "\n".join(lines)

    return func_def, push_code


def codegen_kernel_def(graph: FusedASCGraph) -> Dict[str, str]:
    graph_py_code = IndentedBuffer()
    graph_py_code.splice(f"from autofuse.pyautofuse import ascir")
    graph_py_code.splice(f'from autofuse.pyautofuse import Autofuser, AutofuserOptions')
    graph_py_code.splice(f'''
def Mod(x, y):
    return x % y
def PythonMod(x, y):
    return x % y
''')
    graph_py_code.splice(graph.codegen(graph.name))
    save_asserts(graph.name, graph_py_code.getvalue(), 'asc_graph.py')

    local_vars = dict()
    with load_autofuser(graph.name):
        try:
            with log_compile_duration("schedule_codegen", "RunCodegen", graph.name):
                exec(compile(graph_py_code.getvalue(), '<string>', 'exec'), globals(), local_vars)
        except Exception as e:
            raise RuntimeError(f"Failed to execute graph code:{graph_py_code.getvalue()} {e}") from e

    artifacts = dict()
    artifacts['name'] = graph.name
    artifacts['tiling_def'] = local_vars.get('tiling_def')
    artifacts['host_impl'] = local_vars.get('host_impl')
    artifacts['device_impl'] = local_vars.get('device_impl')
    return artifacts


def codegen_cpp_wrapper(graph: FusedASCGraph):
    wrapper = IndentedBuffer()
    from torch._inductor.codegen.common import TensorArg as InductorTensorArg
    from torch._inductor.codegen.common import SizeArg as InductorSizeArg

    scalar_inputs = graph.graph.scalar_inputs

    # 先调用 _codegen_profiling_func，它会扫描 buffer shape 收集未映射符号（pk*），
    # 写入 graph.prof_size_var_names。后续遍历 graph.args 时据此区分 ks* / pk*。
    prof_func_def, prof_push = _codegen_profiling_func(graph)
    prof_size_var_names = getattr(graph, "prof_size_var_names", set())

    tensor_args = []
    symbol_args = []
    prof_symbol_args = []
    # wrapper arg name -> AF launch c type.  Example:
    #   public wrapper: int64_t in_ptr1
    #   AF launch:      int32_t asc_input1
    scalar_launch_c_types = {}
    for v in graph.args:
        if isinstance(v, InductorTensorArg):
            if v.buffer in scalar_inputs:
                # First layer: public wrapper ABI used by Python/ctypes.
                public_dtype = host_scalar_carrier_dtype(v.dtype)
                # Second layer: dtype expected by AF's AutofuseLaunch signature.
                launch_dtype = graph.graph.scalar_input_dtypes.get(v.buffer)
                if launch_dtype is None:
                    launch_dtype = asc_scalar_dtype(v.dtype)
                tensor_args.append(ScalarArg(v.name, _scalar_c_type(public_dtype)))
                scalar_launch_c_types[v.name] = _scalar_c_type(launch_dtype)
            else:
                tensor_args.append(TensorArg(v.name))
        elif isinstance(v, InductorSizeArg):
            if v.name in prof_size_var_names:
                prof_symbol_args.append(SymArg(v.name))
            else:
                symbol_args.append(SymArg(v.name))
        else:
            raise NotImplementedError(f"Unsupported arg type: {type(v)}")

    input_arg_by_outer = {arg.name: arg for arg in tensor_args}

    def make_launch_input_arg(index, outer):
        # graph.inputs_outer stores wrapper arg names.  Look up the public
        # wrapper arg, then create the AF launch arg with the same input index.
        source_arg = input_arg_by_outer[outer]
        if isinstance(source_arg, ScalarArg):
            # Keep source_c_type so buffer_assign can cast host carrier -> AF launch type.
            return ScalarArg(f"asc_input{index}", scalar_launch_c_types[outer], source_c_type=source_arg.c_type)
        return TensorArg(f"asc_input{index}")

    # inputs are local variables passed to AutofuseLaunch, not the public
    # wrapper signature.  Scalar inputs may therefore have a different c_type
    # from tensor_args and need a cast in buffer_assign below.
    inputs = [make_launch_input_arg(i, outer) for i, outer in enumerate(graph.inputs_outer)]
    outputs = [TensorArg(f"asc_output{v}") for v in range(len(graph.outputs))]
    stream = StreamArg("stream")
    tiling_dtype = _cpp_tiling_dtype(graph)

    all_args = tensor_args + symbol_args + prof_symbol_args + [stream, CharPtrArg('kernel_key')]
    signature = ', '.join([v.signature for v in all_args])
    call_args = ', '.join([v.name for v in all_args])
    buffer_assign = ''
    launch_log_fields = [
        ('block_dim', 'block_dim'),
        ('stream', 'current_stream'),
        ('workspace_size', 'workspace_size'),
        ('workspace', 'workspace'),
    ]
    for in_arg, out_name in zip(inputs + outputs, graph.inputs_outer + graph.outputs_outer):
        if isinstance(in_arg, ScalarArg):
            # Convert the public host carrier to the AF ScalarData type.
            if in_arg.c_type == in_arg.source_c_type:
                buffer_assign += f'\n    auto {in_arg.name} = {out_name};'
            else:
                buffer_assign += f'\n    auto {in_arg.name} = static_cast<{in_arg.c_type}>({out_name});'
        else:
            buffer_assign += f'\n    auto *{in_arg.name} = {out_name};'
        launch_log_fields.append((in_arg.name, in_arg.name))
    buffer_assign_in_taskqueue1 = buffer_assign.replace('\n    ', '\n    ')
    buffer_assign_in_taskqueue2 = buffer_assign.replace('\n    ', '\n        ')

    def make_launch_args_log(indent):
        lines = [f'{indent}DLOG() << "Launch args for {graph.name}:" << std::endl']
        lines.extend(
            f'{indent}       << "[WRAPPER] {field}: " << {value} << std::endl'
            for field, value in launch_log_fields
        )
        return '\n'.join(lines) + ';'

    launch_args_log_taskqueue1 = make_launch_args_log('    ')
    launch_args_log_taskqueue2 = make_launch_args_log('        ')

    tiling_args = [v.name for v in symbol_args]
    tiling_signature = [v.signature for v in symbol_args]
    tiling_signature.append(f"{tiling_dtype} *tiling_data")
    tiling_signature.append(f"uint64_t *workspace_size")
    tiling_signature.append(f"uint32_t *block_dim")
    tiling_signature.append(f"void *resource_limit")

    workspaces = [TensorArg("workspace")]
    launch_args = [v.name for v in itertools.chain(inputs, outputs, workspaces)]
    launch_signature = ["uint32_t block_dim", "void *stream"]
    launch_signature.extend([v.signature for v in itertools.chain(inputs, outputs, workspaces)])
    launch_signature.append(f"{tiling_dtype} *tiling_data")

    prof_pop = "        if (prof_enabled) { aclprofRangePop(); }"

    prof_header = f'''#include "acl/acl_prof.h"
#include "c10/util/generic_math.h"
#include <cstdint>
#include <cmath>
#include <limits>

static bool prof_enabled = false;

extern "C" void set_prof_enabled(uint8_t enabled) {{
    prof_enabled = (enabled != 0);
}}

#ifndef ACL_PROF_TENSOR_INFO_DEFINED
#define ACL_PROF_TENSOR_INFO_DEFINED
#define ACL_PROF_EVENT_ATTR_VERSION 1
#ifndef ACL_PROF_TENSOR_DATA_SHAPE_LEN
#define ACL_PROF_TENSOR_DATA_SHAPE_LEN 8
#endif
typedef struct aclprofTensor {{
    uint32_t type;
    uint32_t format;
    uint32_t dataType;
    uint32_t shapeDim;
    uint32_t shape[ACL_PROF_TENSOR_DATA_SHAPE_LEN];
}} aclprofTensor;
typedef struct aclprofTensorInfo {{
    uint64_t opNameId;
    uint64_t opTypeId;
    uint32_t resv;
    uint32_t tensorNum;
    uint32_t kernelType;
    uint32_t blockNums;
    void *stream;
    aclprofTensor *tensors;
}} aclprofTensorInfo;
typedef struct aclprofEventAttributes {{
    uint16_t version;
    uint16_t size;
    uint32_t messageType;
    union Message {{
        aclprofTensorInfo *tensorInfo;
    }} message;
}} aclprofEventAttributes;
typedef enum {{
    ACL_PROF_MESSAGE_TYPE_TENSOR_INFO = 0
}} aclprofMessageType;
#endif // ACL_PROF_TENSOR_INFO_DEFINED

{prof_func_def}
'''

    wrapper.splice(f'''
{prof_header}
namespace {{
typedef int64_t (*TilingFuncType)({', '.join(tiling_signature)});
typedef int64_t (*LaunchFuncType)({', '.join(launch_signature)});
TilingFuncType tiling_fn = nullptr;
LaunchFuncType launch_fn = nullptr;
void *handle = nullptr;

std::map<std::string, void*> static_kernel_handles;
std::map<std::string, LaunchFuncType> static_kernel_launch_fns;
struct TilingInfo {{
    {tiling_dtype} tiling_data;
    uint64_t workspace_size;
    uint32_t block_dim;
}};
std::map<std::string, TilingInfo> tiling_map;

const bool static_tiling = {'true' if len(tiling_args) == 0 else 'false'};
uint64_t default_workspace_size = 0;
uint32_t default_block_dim = 0;
{tiling_dtype} default_tiling_data = {{}};

// Keep this layout in sync with graph-autofusion's generated ResLimit.
// aiv_num == 0 means "no explicit limit" and lets AF use g_no_limit_res.
struct ResLimit {{
    uint32_t valid_num = 0;
    uint32_t aiv_num = 0;
    uint32_t aic_num = 0;
    uint32_t ub_size = 0;
    uint32_t resv[10] = {{}};
}};
ResLimit g_device_limit = {{}};

std::mutex mtx;
bool initialized = false;
}}  // namespace
__attribute__((destructor)) static void DeInit() {{
    if (handle != nullptr) {{
        dlclose(handle);
        handle = nullptr;
    }}
}}
// Inject the process-level torch.npu.set_device_limit result into this
// wrapper before AutofuseTiling runs. The AF fallback for aiv_num == 0 is
// intentional: it preserves the old nullptr/no-limit behavior.
extern "C" void set_device_limit(uint32_t aiv_num, uint32_t aic_num, uint32_t ub_size) {{
    if (aiv_num == 0 && aic_num == 0) {{
        g_device_limit = ResLimit{{}};
        return;
    }}
    g_device_limit.valid_num = 1;
    g_device_limit.aiv_num = aiv_num;
    g_device_limit.aic_num = aic_num;
    g_device_limit.ub_size = ub_size;
}}
''')

    if len(tiling_args) == 0:
        wrapper.splice(f'''
static int InitDefaultTiling() {{
    if (tiling_fn == nullptr) {{
        std::cerr << "{graph.name} kernel tiling func not found" << std::endl;
        return -1;
    }}
    const int64_t result = tiling_fn({', '.join(['&default_tiling_data', '&default_workspace_size', '&default_block_dim', '&g_device_limit'])});
    if (result != 0) {{
        std::cerr << "{graph.name} kernel tiling failed" << std::endl;
        return -1;
    }}
    return 0;
}}
''')
    else:
        wrapper.splice(f'''
static int InitDefaultTiling() {{
    return 0;
}}
''')

    wrapper.splice(f'''
extern "C" int init(const char *kernel_file, const char *kernel_key) {{
    std::lock_guard<std::mutex> lock(mtx);
    if (initialized) {{
        return 0;
    }}
    if (kernel_key == nullptr) {{
        DLOG() << "Init {graph.name} default kernel" << std::endl;
        handle = dlopen(kernel_file, RTLD_NOW | RTLD_LOCAL);
        if (handle == nullptr) {{
            std::cerr << "Kernel load failed for {graph.name}, dlerror: " << dlerror() << std::endl;
            return -1;
        }}
        
        tiling_fn = reinterpret_cast<TilingFuncType>(dlsym(handle, "AutofuseTiling"));
        if (tiling_fn == nullptr) {{
            std::cerr << "{graph.name} kernel tiling func not found" << std::endl;
            dlclose(handle);
            handle = nullptr;
            return -1;
        }}
        launch_fn = reinterpret_cast<LaunchFuncType>(dlsym(handle, "AutofuseLaunch"));
        if (launch_fn == nullptr) {{
            std::cerr << "{graph.name} kernel launch func not found" << std::endl;
            dlclose(handle);
            handle = nullptr;
            return -1;
        }}
        
        if (InitDefaultTiling() != 0) {{
            dlclose(handle);
            handle = nullptr;
            return -1;
        }}
        initialized = true;
        return 0;
    }}
    
    std::string key(kernel_key);
    DLOG() << "Init {graph.name} static kernel: " << key << std::endl;
    if (!tiling_map.count(key)) {{
        std::cerr << "{graph.name} " << key << " tiling info is not exist" << std::endl;
        return -1;
    }}

    void* static_kernel_handle = dlopen(kernel_file, RTLD_NOW | RTLD_LOCAL);
    if (static_kernel_handle == nullptr) {{
        std::cerr << "Kernel load failed for {graph.name}, dlerror: " << dlerror() << std::endl;
        return -1;
    }}

    LaunchFuncType static_kernel_launch_fn = reinterpret_cast<LaunchFuncType>(dlsym(static_kernel_handle, "AutofuseLaunch"));
    if (static_kernel_launch_fn == nullptr) {{
        std::cerr << "{graph.name} kernel launch func not found" << std::endl;
        dlclose(static_kernel_handle);
        static_kernel_handle = nullptr;
        return -1;
    }}
    static_kernel_handles.emplace(key, static_kernel_handle);
    static_kernel_launch_fns.emplace(key, static_kernel_launch_fn);
        
    return 0;
}}
''')

    # taskqueue=0:同步执行
    # taskqueue=1:静态tiling+动态tiling+workspace 在queue外执行，kernel在queue内执行
    wrapper.splice(f'''
extern "C" int wrapper_task_queue01({signature}) {{
    void *current_stream = GetStream(stream);
    if (current_stream == nullptr) {{
        std::cerr << "{graph.name} GetStream failed in wrapper thread" << std::endl;
        return -1;
    }}
    
    LaunchFuncType launch = launch_fn;
    uint64_t workspace_size = default_workspace_size;
    uint32_t block_dim = default_block_dim;
    {tiling_dtype} tiling_data = default_tiling_data;
    if (kernel_key != nullptr) {{
        DLOG() << "Choice static kernel: " << kernel_key << std::endl;
        std::string key(kernel_key);
        if (static_kernel_launch_fns.count(key)) {{
            launch = static_kernel_launch_fns[key];
        }}
        workspace_size = tiling_map[key].workspace_size;
        block_dim = tiling_map[key].block_dim;
        tiling_data = tiling_map[key].tiling_data;
    }}
    
    if (launch == nullptr) {{
        std::cerr << "{graph.name} launch func null" << std::endl;
        return -1;
    }}
    if (!static_tiling) {{
        if (tiling_fn == nullptr) {{
            std::cerr << "{graph.name} tiling func null" << std::endl;
            return -1;
        }}
        // Recompute tiling for the current dynamic shape under the same
        // resource limit used by the static path.
        int64_t tiling_result = tiling_fn({', '.join(tiling_args + ["&tiling_data", "&workspace_size", "&block_dim", "&g_device_limit"])});
        if (tiling_result != 0) {{
            std::cerr << "{graph.name} tiling failed in lambda" << std::endl;
            return -1;
        }}
    }}
''')

    wrapper.splice(f'''
    void *workspace = nullptr;
    if (workspace_size > 0) {{
        if (workspace_size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {{
            std::cerr << "{graph.name} workspace size exceeds int64 range" << std::endl;
            return -1;
        }}
        workspace = MallocWorkspace(static_cast<int64_t>(workspace_size), current_stream);
        if (workspace == nullptr) {{
            std::cerr << "{graph.name} kernel malloc workspace failed" << std::endl;
            return -1;
        }}
    }}
    {buffer_assign_in_taskqueue1}
{launch_args_log_taskqueue1}
    
    auto launch_call = [=]() -> int {{
{prof_push}
        int64_t inner_result = launch({', '.join(["block_dim", "current_stream"] + launch_args + [f"const_cast<{tiling_dtype}*>(&tiling_data)"])});
{prof_pop}
        if (inner_result != 0) {{
            std::cerr << "{graph.name} launch failed" << std::endl;
            return -1;
        }}
        return 0;
    }};

    at_npu::native::OpCommand::RunOpApiV2("{graph.name}", launch_call);
    if (workspace != nullptr) {{
        FreeWorkspace(workspace);
    }}
    return 0;
}}
''')

    # taskqueue=2:静态tiling在queue外执行，动态tiling+workspace+kernel在queue内执行
    wrapper.splice(f'''
extern "C" int wrapper_task_queue2({signature}) {{
    void *current_stream = GetStream(stream);
    if (current_stream == nullptr) {{
        std::cerr << "{graph.name} GetStream failed in wrapper thread" << std::endl;
        return -1;
    }}
    
    LaunchFuncType launch = launch_fn;
    uint64_t tmp_workspace_size = default_workspace_size;
    uint32_t tmp_block_dim = default_block_dim;
    {tiling_dtype} tmp_tiling_data = default_tiling_data;
    if (kernel_key != nullptr) {{
        DLOG() << "Choice static kernel: " << kernel_key << std::endl;
        std::string key(kernel_key);
        if (static_kernel_launch_fns.count(key)) {{
            launch = static_kernel_launch_fns[key];
        }}
        tmp_workspace_size = tiling_map[key].workspace_size;
        tmp_block_dim = tiling_map[key].block_dim;
        tmp_tiling_data = tiling_map[key].tiling_data;
    }}

    if (launch == nullptr) {{
        std::cerr << "{graph.name} launch func null" << std::endl;
        return -1;
    }}
    if (!static_tiling and tiling_fn == nullptr) {{
        std::cerr << "{graph.name} tiling func null" << std::endl;
        return -1;
    }}

    const std::string debug_log_path_snapshot = inductor_npu_ext_debug::GetDebugLogPath();
    auto launch_call = [=]() -> int {{
        inductor_npu_ext_debug::ScopedDebugLogPath debug_log_scope(debug_log_path_snapshot);
        uint64_t workspace_size = tmp_workspace_size;
        uint32_t block_dim = tmp_block_dim;
        {tiling_dtype} tiling_data = tmp_tiling_data;
        if (!static_tiling) {{
            // task_queue=2 performs dynamic tiling inside the queued launch.
            int64_t tiling_result = tiling_fn({', '.join(tiling_args + ["&tiling_data", "&workspace_size", "&block_dim", "&g_device_limit"])});
            if (tiling_result != 0) {{
                std::cerr << "{graph.name} tiling failed in lambda" << std::endl;
                return -1;
            }}
        }}

        at::Tensor workspace_tensor;
        void *workspace = nullptr;
        if (workspace_size > 0) {{
            if (workspace_size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {{
                std::cerr << "{graph.name} workspace size exceeds int64 range" << std::endl;
                return -1;
            }}
            workspace_tensor = AllocateWorkspaceTensor(static_cast<int64_t>(workspace_size), current_stream);
            workspace = const_cast<void *>(workspace_tensor.storage().data());
            if (workspace == nullptr) {{
                std::cerr << "{graph.name} allocate workspace failed" << std::endl;
                return -1;
            }}
        }}
        {buffer_assign_in_taskqueue2}
{launch_args_log_taskqueue2}

{prof_push}
        int64_t inner_result = launch({', '.join(["block_dim", "current_stream"] + launch_args + ["&tiling_data"])});
{prof_pop}
        if (inner_result != 0) {{
            std::cerr << "{graph.name} launch failed" << std::endl;
            return -1;
        }}
        return 0;
    }};

    at_npu::native::OpCommand::RunOpApiV2("{graph.name}", launch_call);
    return 0;
}}
''')

    wrapper.splice(f'''
extern "C" int wrapper({signature}) {{
    if (task_queue_mode == 2) {{
        return wrapper_task_queue2({call_args});
    }}
    return wrapper_task_queue01({call_args});
}}
    ''')

    wrapper.splice(f'''
extern "C" int release(char* kernel_key) {{
    if (initialized) {{
        return 0;
    }}
    std::string key(kernel_key);
    if (!static_kernel_launch_fns.count(key)) {{
        std::cerr << "{graph.name} release kernel " << key << " is not exist" << std::endl;
        return -1;
    }}
    auto it = static_kernel_handles.begin();
    while (it != static_kernel_handles.end()) {{
        if (it->first != key) {{
            dlclose(it->second);
            DLOG() << "Release {graph.name} dlcloes " << it->first << std::endl;
            it = static_kernel_handles.erase(it);            
        }} else {{
            ++it;
        }}
    }}
    auto fn_it = static_kernel_launch_fns.begin();
    while (fn_it != static_kernel_launch_fns.end()) {{
        if (fn_it->first != key) {{
            fn_it = static_kernel_launch_fns.erase(fn_it);
        }} else {{
            ++fn_it;
        }}
    }}
    initialized = true;
    return 0;
}}
''')

    return wrapper.getvalue()


def codegen_cpp_tiling_wrapper(graph: FusedASCGraph):
    wrapper = IndentedBuffer()
    tiling_dtype = _cpp_tiling_dtype(graph)
    wrapper.splice(f'''
namespace {{
typedef int64_t (*GenerateTopnSolutionsFunc)(std::vector<std::map<std::string, std::string>>&, int64_t, std::vector<{tiling_dtype}>&, std::vector<int64_t>&, std::vector<int64_t>&, void*);
typedef std::string (*GetTilingDataReprFunc)(const {tiling_dtype}*);
GenerateTopnSolutionsFunc topn_fn = nullptr;
GetTilingDataReprFunc repr_fn = nullptr;
void *tiling_handle = nullptr;

// Top-N runs in tiling_wrapper.so, so it owns a separate resource-limit
// instance from the runtime wrapper.so above.
struct ResLimit {{
    uint32_t valid_num = 0;
    uint32_t aiv_num = 0;
    uint32_t aic_num = 0;
    uint32_t ub_size = 0;
    uint32_t resv[10] = {{}};
}};
ResLimit g_device_limit = {{}};

bool tiling_initialized = false;
std::mutex mtx;
}}  // namespace
   
extern "C" int init_tiling(const char *tiling_so_file) {{
    std::lock_guard<std::mutex> lock(mtx);
    if (tiling_initialized) {{
        return 0;
    }}
    tiling_handle = dlopen(tiling_so_file, RTLD_NOW | RTLD_LOCAL);
    if (tiling_handle == nullptr) {{
        std::cerr << "Kernel tiling load failed for {graph.name}, dlerror: " << dlerror() << std::endl;
        return -1;
    }}
    topn_fn = reinterpret_cast<GenerateTopnSolutionsFunc>(dlsym(tiling_handle, "GenerateTopnSolutions"));
    if (topn_fn == nullptr) {{
        std::cerr << "{graph.name} kernel tiling topn func not found" << std::endl;
        dlclose(tiling_handle);
        tiling_handle = nullptr;
        return -1;
    }}
    repr_fn = reinterpret_cast<GetTilingDataReprFunc>(dlsym(tiling_handle, "GetTilingDataRepr"));
    if (repr_fn == nullptr) {{
        std::cerr << "{graph.name} kernel tiling repr func not found" << std::endl;
        dlclose(tiling_handle);
        tiling_handle = nullptr;
        return -1;
    }}
    tiling_initialized = true;
    return 0;
}}

extern "C" void set_device_limit(uint32_t aiv_num, uint32_t aic_num, uint32_t ub_size) {{
    if (aiv_num == 0 && aic_num == 0) {{
        g_device_limit = ResLimit{{}};
        return;
    }}
    g_device_limit.valid_num = 1;
    g_device_limit.aiv_num = aiv_num;
    g_device_limit.aic_num = aic_num;
    g_device_limit.ub_size = ub_size;
}}

std::vector<std::map<std::string, std::string>> deserialize(const char* str) {{
    std::vector<std::map<std::string, std::string>> result;
    std::istringstream list_ss(str);
    std::string dict_str;

    while (std::getline(list_ss, dict_str, '|')) {{
        std::map<std::string, std::string> m;
        std::istringstream dict_ss(dict_str);
        std::string kv;
        while (std::getline(dict_ss, kv, ';')) {{
            size_t pos = kv.find('=');
            if (pos != std::string::npos)
                m[kv.substr(0, pos)] = kv.substr(pos + 1);
        }}
        if (!m.empty()) result.push_back(m);
    }}

    DLOG() << "{graph.name} get topn configs:" << std::endl;
    for (size_t i = 0; i < result.size(); ++i) {{
        std::ostringstream oss;
        oss << "configs[" << i << "]: [";
        for (const auto& kv : result[i])
            oss << "{{" << kv.first << ": " << kv.second << "}}, ";
        oss << "]";
        DLOG() << oss.str() << std::endl;
    }}

    return result;
}}

extern "C" int get_topn(const char* config_str, int64_t topn, char** c_tiling_reprs, int64_t* c_workspaces, int64_t* c_block_dims, int64_t* n) {{
    std::vector<std::map<std::string, std::string>> configs = deserialize(config_str);

    if (topn_fn == nullptr || repr_fn == nullptr) {{
        if (topn_fn == nullptr) std::cerr << "{graph.name} topn func not found" << std::endl;
        if (repr_fn == nullptr) std::cerr << "{graph.name} repr func not found" << std::endl;
        return -1;
    }}

    std::vector<{tiling_dtype}> tiling_datas;
    std::vector<int64_t> workspaces;
    std::vector<int64_t> block_dims;
    int64_t result = topn_fn(configs, topn, tiling_datas, workspaces, block_dims, &g_device_limit);
    if (result != 0) {{
        std::cerr << "{graph.name} GenerateTopnSolutions failed with result" << std::endl;
        return -1;
    }}

    if ((tiling_datas.size() != workspaces.size()) || (tiling_datas.size() != block_dims.size())) {{
        std::cerr << "{graph.name} GenerateTopnSolutions result check error" << std::endl;
        return -1;
    }}

    std::vector<std::string> tiling_reprs;
    for (const auto& tiling_data : tiling_datas) {{
        std::string repr = repr_fn(&tiling_data);
        tiling_reprs.push_back(repr);
    }}

    *n = tiling_datas.size();
    for (int i = 0; i < *n; i++) {{
        c_tiling_reprs[i] = strdup(tiling_reprs[i].c_str());
    }}
    memcpy(c_workspaces, workspaces.data(), *n * sizeof(int64_t));    
    memcpy(c_block_dims, block_dims.data(), *n * sizeof(int64_t));

    return 0;
}}


extern "C" int free_out(char** c_tiling_reprs, int64_t size) {{
    if (c_tiling_reprs) {{
        for (int i = 0; i < size; i++) {{
            free(c_tiling_reprs[i]);
        }}
    }}

    return 0;
}}
''')

    return wrapper.getvalue()
