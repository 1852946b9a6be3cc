import csv
import itertools
import os
import shutil
import sympy
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Optional
import torch
import torch_npu
from torch._inductor.codegen.common import TensorArg
from torch._inductor.utils import IndentedBuffer
from torch._inductor.virtualized import V
from . import logger
from .utils import is_cpu_0d_scalar


# ---- CANN precision thresholds (from msaccucmp.py accuracy standards) ----
# https://www.hiascend.com/document/detail/zh/canncommercial/900/devaids/ModelAccuracyAnalyzer/atlasaccuracy_16_0045.html
cosine_similarity_threshold = 0.99
relative_euclidean_threshold = 0.05
kl_divergence_threshold = 0.005
rmse_mae_ratio_warn = 1.1

_EPSILON = torch.finfo(torch.float32).eps


def _compute_cosine_similarity(x, y):
    """Cosine similarity, derived from CANN alg_CosineSimilarity.py."""
    x_norm = x.norm()
    y_norm = y.norm()
    if x_norm <= _EPSILON and y_norm <= _EPSILON:
        return 1.0
    if x_norm <= _EPSILON or y_norm <= _EPSILON:
        return 0.0
    result = (x / x_norm * (y / y_norm)).sum().item()
    return min(result, 1.0)


def _compute_relative_euclidean_distance(x, y):
    """Relative euclidean distance, derived from CANN alg_RelativeEuclideanDistance.py."""
    y_sq = (y**2).sum()
    if y_sq.sqrt() <= _EPSILON:
        return 0.0
    return (((x - y) ** 2).sum() / y_sq).sqrt().item()


def _compute_kl_divergence(x, y):
    """KL divergence, derived from CANN alg_KullbackLeiblerDivergence.py."""
    x_range = x.max() - x.min()
    y_range = y.max() - y.min()
    x_norm = (x - x.min()) / x_range if x_range > _EPSILON else x
    y_norm = (y - y.min()) / y_range if y_range > _EPSILON else y
    x_norm = torch.clamp(x_norm, min=_EPSILON)
    y_norm = torch.clamp(y_norm, min=_EPSILON)

    x_sum = x_norm.sum()
    y_sum = y_norm.sum()
    if x_sum <= _EPSILON or y_sum <= _EPSILON:
        return 0.0

    p = x_norm / x_sum
    q = y_norm / y_sum
    kl = (p * torch.log(p / q)).sum().item()
    return kl if abs(kl) > _EPSILON else 0.0


def compare_tensors(name, expected, actual):
    """Compare two tensors using CANN precision metrics."""
    numel = expected.numel()
    if numel == 0:
        print(f"{name} precision check passed: empty tensor.")
        return True
    if expected.is_quantized:
        expected = expected.dequantize()
    if actual.is_quantized:
        actual = actual.dequantize()

    if not torch.is_floating_point(expected) and not torch.is_complex(expected):
        fail_count = int((expected != actual).sum().item())
        if fail_count == 0:
            print(f"{name} precision check passed: exact match.")
            return True
        print(f"{name} precision check failed: {fail_count}/{numel} elements mismatch.")
        return False

    x = expected.to(torch.float64).flatten()
    y = actual.to(torch.float64).flatten()

    cosine = _compute_cosine_similarity(x, y)
    rel_euclid = _compute_relative_euclidean_distance(x, y)
    kl = _compute_kl_divergence(x, y)

    diff = x - y
    mae = diff.abs().mean().item()
    rmse = (diff**2).mean().sqrt().item()
    ratio = rmse / mae if mae > _EPSILON else 1.0

    passed = (
        cosine > cosine_similarity_threshold
        and rel_euclid < relative_euclidean_threshold
        and kl < kl_divergence_threshold
    )

    status = "PASSED" if passed else "FAILED"
    warn = ""
    if ratio > rmse_mae_ratio_warn:
        warn = f" [WARN: RMSE/MAE={ratio:.4f}, deviation not concentrated]"

    print(
        f"{name} precision {status}: "
        f"CosineSim={cosine:.8f} "
        f"RelEuclid={rel_euclid:.8e} "
        f"KLDiv={kl:.8e} "
        f"MAE={mae:.8e} "
        f"RMSE={rmse:.8e}{warn}"
    )
    return passed


def compare_outputs(names, expected_values, actual_values):
    """Compare multiple output tensors against expected values."""
    all_pass = True
    for name, expected, actual in zip(names, expected_values, actual_values):
        if not isinstance(expected, torch.Tensor) or not isinstance(actual, torch.Tensor):
            print(f"output:{name} skipped non-tensor output")
            continue
        ok = compare_tensors(f"output:{name}", expected, actual)
        if not ok:
            all_pass = False
    return all_pass


def run_profiling(func, args, prof_dir, n_iters=10):
    prof_dir = Path(prof_dir)
    if prof_dir.exists():
        shutil.rmtree(prof_dir)
    prof_dir.mkdir(parents=True, exist_ok=True)
    with torch_npu.profiler.profile(
        activities=[torch_npu.profiler.ProfilerActivity.CPU, torch_npu.profiler.ProfilerActivity.NPU],
        schedule=torch_npu.profiler.schedule(wait=0, warmup=0, active=n_iters, repeat=1),
        experimental_config=torch_npu.profiler._ExperimentalConfig(
            export_type=[torch_npu.profiler.ExportType.Text], profiler_level=torch_npu.profiler.ProfilerLevel.Level2
        ),
        on_trace_ready=torch_npu.profiler.tensorboard_trace_handler(str(prof_dir)),
    ) as prof:
        for _i in range(n_iters + 1):
            func(*args)
            prof.step()
    torch.npu.synchronize()
    time.sleep(5)
    return prof_dir


def parse_device_times(prof_dir):
    prof_dir = Path(prof_dir)
    prof_dirs = list(prof_dir.glob('*_ascend_pt'))
    if not prof_dirs:
        raise FileNotFoundError(f'No *_ascend_pt profiling directory found under {prof_dir}.')
    latest = sorted(prof_dirs)[-1]
    csv_path = latest / 'ASCEND_PROFILER_OUTPUT' / 'kernel_details.csv'
    if not csv_path.exists():
        raise FileNotFoundError(f'{csv_path} not found.')
    step_durations = OrderedDict()
    with open(csv_path, newline='') as _f:  # pylint: disable=unspecified-encoding
        reader = csv.DictReader(_f)
        if 'Step Id' not in (reader.fieldnames or []):
            raise ValueError(f'{csv_path} missing "Step Id" column: {reader.fieldnames}')
        for row in reader:
            step_id = row.get('Step Id', '').strip()
            dur_str = row.get('Duration(us)', '').strip()
            if not step_id or not dur_str:
                continue
            step_durations.setdefault(step_id, 0.0)
            step_durations[step_id] += float(dur_str)
    if not step_durations:
        raise ValueError(f'{csv_path} has no valid data rows.')
    return list(step_durations.values())


def print_bench_result(kernel_name, eager_times, compiled_times):
    print()
    print(f'Benchmark: {kernel_name}')
    print(' Step  | Graph Mode (us)    | Eager (us)    |  Ratio  ')
    print('-' * 6 + '-+-' + '-' * 18 + '-+-' + '-' * 18 + '-+-' + '-' * 8)
    _max_rows = min(len(eager_times), len(compiled_times), 10)
    for _i in range(_max_rows):
        if compiled_times[_i] <= 0:
            raise ValueError(f"_compiled_times[{_i}] must be greater than 0, got {compiled_times[_i]}.")
        print(
            f' {_i + 1:^4} | {compiled_times[_i]:^18.2f} | {eager_times[_i]:^18.2f} | {(eager_times[_i] / compiled_times[_i]):^6.2f}x '
        )
    print('-' * 6 + '-+-' + '-' * 18 + '-+-' + '-' * 18 + '-+-' + '-' * 8)
    if _max_rows > 0:
        _c_avg = sum(compiled_times[:_max_rows]) / _max_rows
        if _c_avg <= 0:
            raise ValueError(f"_c_avg must be greater than 0, got {_c_avg}.")
        _e_avg = sum(eager_times[:_max_rows]) / _max_rows
        _avg_ratio = _e_avg / _c_avg
        print(f' Avg   | {_c_avg:^18.2f} | {_e_avg:^18.2f} | {_avg_ratio:^6.2f}x ')


@dataclass
class PrecisionContext:
    """精度校验上下文，包含 eager_fn 源码、输入元信息和输出变量名，为 None 时降级 profile-only。"""

    eager_fn_code: str
    fx_input_meta: List[tuple]
    output_names: List[str]


@dataclass
class BenchmarkSpec:
    """生成 benchmark.py 的完整输入规格，由 _build_benchmark_spec 一次性收集，writer 只读不查图。"""

    kernel_name: str
    file_path: str
    kernel_obj: str
    artifacts: Any
    asc_call_str: str
    is_static: bool
    precision: Optional[PrecisionContext]
    node_strs: List[str]
    symbols: List[tuple]
    profile_buffers: List[tuple]
    cpp_wrapper: bool


def generate_benchmark_script(
    nodes, kernel_name, artifacts, args, file_path, is_static=False, prof_size_vars=None, cpp_wrapper=False
):
    """Generate benchmark.py script for kernel testing.

    Creates a standalone benchmark script with three modes:
    - check: Compare eager_fn (extracted FX fragment) vs torch.compile(eager_fn)
    - bench: Performance comparison between eager_fn and torch.compile(eager_fn)
    - profile: NPU profiling for ASC kernel
    """
    spec = _build_benchmark_spec(nodes, kernel_name, artifacts, args, file_path, is_static, prof_size_vars, cpp_wrapper)
    _write_benchmark_script(spec)
    return spec.precision is not None


def _build_benchmark_spec(
    nodes, kernel_name, artifacts, args, file_path, is_static, prof_size_vars=None, cpp_wrapper=False
):
    """Collect all data needed to write benchmark.py, accessing Inductor internals here only."""
    file_path = file_path if file_path else f"./{kernel_name}_benchmark.py"
    _, call_args, precompile_args, _ = args.python_argdefs()

    # 追加 prof-only sizevars，使 benchmark 调用点与 C++ wrapper 签名对齐。
    prof_size_vars = prof_size_vars or []
    for sym, name in prof_size_vars:
        call_args.append(sym)

    precision = _build_precision_context(nodes, args.sizevars, kernel_name)

    node_strs = []
    for i, node in enumerate(nodes):
        node_str = str(node).replace('\n', ' ').strip()
        if node_str:
            node_strs.append(f"  [{i}] {node_str}")

    symbols = []
    for s, ks in args.sizevars.items():
        symbols.append((ks, str(s), _size_hint(s, args.sizevars), ""))

    profile_buffers = []
    seen_symbols = []
    sizevar_syms = set(args.sizevars.keys())
    for buffer_name, buffer_type in zip(call_args, precompile_args):
        if not isinstance(buffer_type, TensorArg):
            continue
        layout = V.graph.get_buffer(buffer_name).layout
        device_str = 'npu' if layout.device.type == 'npu' else str(layout.device)
        buf_shape = tuple(_size_hint(s, args.sizevars) if isinstance(s, sympy.Expr) else int(s) for s in layout.size)
        buf_stride = tuple(_size_hint(s, args.sizevars) if isinstance(s, sympy.Expr) else int(s) for s in layout.stride)
        profile_buffers.append((buffer_name, buf_shape, buf_stride, device_str, layout.dtype))
        for expr in itertools.chain(layout.stride or [], layout.size or [], [layout.offset]):
            if isinstance(expr, sympy.Expr):
                seen_symbols.extend(V.graph.sizevars.simplify(expr).free_symbols)

    for sym in seen_symbols:
        if sym not in sizevar_syms:
            symbols.append((str(sym), str(sym), _size_hint(sym, args.sizevars), "buffer size hint"))

    return BenchmarkSpec(
        kernel_name=kernel_name,
        file_path=file_path,
        kernel_obj=f"{artifacts.name}_artifacts",
        artifacts=artifacts,
        asc_call_str=', '.join(f"{a}.item()" if is_cpu_0d_scalar(str(a)) else str(a) for a in call_args),
        is_static=is_static,
        precision=precision,
        node_strs=node_strs,
        symbols=symbols,
        profile_buffers=profile_buffers,
        cpp_wrapper=cpp_wrapper,
    )


def _write_benchmark_script(spec):
    """Write benchmark.py from spec, no Inductor internal access."""
    has_precision = spec.precision is not None
    asc_graph_path = os.path.join(os.path.dirname(spec.file_path), "asc_graph.py")
    with open(spec.file_path, "w", encoding="utf-8") as f:
        code = IndentedBuffer()
        _write_header(code, spec)
        _write_artifacts_dict_def(code, spec.kernel_obj, spec.artifacts, spec.is_static)

        if has_precision:
            _write_compare_helpers(code, spec.precision, spec.is_static, spec.cpp_wrapper)
            _write_check_function(code, spec.precision)
            _write_bench_function(code, spec.kernel_name)

        code.writeline("if __name__ == '__main__':")
        with code.indent():
            _write_argparse(code, has_precision, spec.kernel_name)
            _write_artifacts_loading(code, spec.kernel_obj, asc_graph_path)
            _write_main_block(code, spec, has_precision)
        f.write(code.getvalue())


def _build_precision_context(nodes, sizevars, kernel_name):
    """Build PrecisionContext or return None (→ profile-only)."""
    fragment = _extract_aten_fragment(nodes, kernel_name)
    if fragment is None:
        logger.warning(
            "Precision check: Cannot extract FX fragment for %s, generating profile-only benchmark", kernel_name
        )
        return None

    fx_input_meta = _extract_fx_input_meta(fragment, sizevars)
    if fx_input_meta is None:
        logger.warning(
            "Precision check: Cannot extract FX input meta for %s, generating profile-only benchmark", kernel_name
        )
        return None
    eager_fn_code = _gen_eager_fn_code(fragment)
    if eager_fn_code is None:
        logger.warning(
            "Precision check: Cannot extract eager code for %s, generating profile-only benchmark", kernel_name
        )
        return None

    output_names = [n.name for n in fragment['outputs']]
    return PrecisionContext(
        eager_fn_code=eager_fn_code,
        fx_input_meta=fx_input_meta,
        output_names=output_names,
    )


def _buffer_origin_name(buffer):
    """Map an inductor IR buffer to its FX origin node name."""
    from torch._inductor import ir

    if isinstance(buffer, ir.TensorBox) and isinstance(buffer.data, ir.StorageBox):
        origin = buffer.data.data.origin_node
    elif isinstance(buffer, ir.ComputedBuffer) and hasattr(buffer, 'data'):
        origin = getattr(buffer.data, 'origin_node', None)
        if origin is None and hasattr(buffer.data, 'origins'):
            origins_list = list(buffer.data.origins)
            origin = origins_list[0] if origins_list else None
    else:
        origin = getattr(buffer, 'origin_node', None)

    return origin.name if origin is not None else None


def _has_external_output_user(scheduler_buffer):
    """Return True if a scheduler buffer is consumed by graph OUTPUT."""
    for user in getattr(scheduler_buffer, 'users', None) or []:
        get_name = getattr(user, 'get_name', None)
        if callable(get_name) and get_name() == "OUTPUT":
            return True

        user_node = getattr(user, 'node', None)
        get_node_name = getattr(user_node, 'get_name', None)
        if callable(get_node_name) and get_node_name() == "OUTPUT":
            return True
    return False


def _collect_external_output_fx_names(nodes):
    """Collect FX origin names for buffers that are real graph outputs."""
    output_fx_names = OrderedDict()
    for node in nodes:
        get_outputs = getattr(node, 'get_outputs', None)
        if not callable(get_outputs):
            continue
        for scheduler_buffer in get_outputs() or []:
            if not _has_external_output_user(scheduler_buffer):
                continue
            buffer = getattr(scheduler_buffer, 'node', scheduler_buffer)
            fx_name = _buffer_origin_name(buffer)
            if fx_name:
                output_fx_names.setdefault(fx_name, None)
    return list(output_fx_names.keys())


def _extract_aten_fragment(nodes, kernel_name):
    """Extract FX graph fragment for aten reference generation."""
    from torch._inductor.utils import aggregate_origins

    all_origins = aggregate_origins(nodes)
    if not all_origins:
        return None

    call_nodes = [n for n in all_origins if n.op == "call_function"]
    if not call_nodes:
        return None

    graph = call_nodes[0].graph
    topo_order = {n: i for i, n in enumerate(graph.nodes)}
    call_nodes.sort(key=lambda n: topo_order.get(n, 0))
    call_node_map = {n.name: n for n in call_nodes}

    available = set()
    write_fx_names = set()
    for node in nodes:
        if not hasattr(node, 'read_writes') or not node.read_writes:
            continue
        for r in node.read_writes.reads or []:
            buf = V.graph.try_get_buffer(r.name)
            if buf is None:
                continue
            fx_name = _buffer_origin_name(buf)
            if fx_name:
                available.add(fx_name)
        for w in node.read_writes.writes or []:
            buf = V.graph.try_get_buffer(w.name)
            if buf is None:
                continue
            fx_name = _buffer_origin_name(buf)
            if fx_name:
                write_fx_names.add(fx_name)

    ops = []
    for node in call_nodes:
        all_args_ok = True
        for arg in node.all_input_nodes:
            if arg.name not in available and arg.name in call_node_map:
                all_args_ok = False
                break
        if all_args_ok and node.name in call_node_map:
            ops.append(node)
            available.add(node.name)

    if not ops:
        return None

    ops_set = set(ops)

    external_inputs = OrderedDict()
    for node in ops:
        for arg in node.all_input_nodes:
            if arg not in ops_set and arg.name not in external_inputs:
                external_inputs[arg.name] = arg

    external_output_fx_names = _collect_external_output_fx_names(nodes)

    if external_output_fx_names:
        op_by_name = {node.name: node for node in ops}
        missing = [name for name in external_output_fx_names if name not in op_by_name]
        if missing:
            logger.warning(
                "Precision check: Graph outputs %s not in fragment ops for %s, generating profile-only benchmark",
                missing,
                kernel_name,
            )
            return None
        outputs = [op_by_name[name] for name in external_output_fx_names]
    elif write_fx_names:
        outputs = [n for n in ops if n.name in write_fx_names and not any(u in ops_set for u in n.users)]
        if not outputs:
            outputs = [n for n in ops if n.name in write_fx_names]
    else:
        logger.warning(
            "Precision check: Cannot determine graph outputs for %s, generating profile-only benchmark",
            kernel_name,
        )
        return None

    if not outputs:
        logger.warning("Precision check: No outputs found for %s, skipping", kernel_name)
        return None

    return {
        'ops': ops,
        'inputs': external_inputs,
        'outputs': outputs,
    }


def _serialize_fx_arg(arg, node_names):
    """Serialize a single FX argument to a Python expression string.

    多机并行场景下，FX fragment 可能携带 rank 专属 device（如 npu:3）。
    还原出的 benchmark.py 若在单卡/其他节点运行，npu:3 不存在会直接报错。
    以下三类参数需归一化到 'npu'（当前默认设备），精度/性能校验不依赖具体卡号：
      1. torch.device 对象（device(type='npu', index=3)）
      2. 字符串 device（'npu:3'、'npu:0'）—— FX 图中 device 参数常以 str 传递
      3. Tensor 常量（repr 内嵌 device='npu:3'）
    """
    from torch import fx

    if isinstance(arg, fx.Node):
        return arg.name if arg.name in node_names else None
    if isinstance(arg, (list, tuple)):
        parts = [_serialize_fx_arg(a, node_names) for a in arg]
        if any(p is None for p in parts):
            return None
        joined = ', '.join(parts)
        if isinstance(arg, list):
            return f'[{joined}]'
        return f'({joined},)' if len(parts) != 0 else '()'
    if arg is Ellipsis:
        return '...'
    if isinstance(arg, float) and arg != arg:  # pylint: disable=comparison-with-itself
        return "float('nan')"
    if isinstance(arg, float) and arg in (float('inf'), float('-inf')):
        return f"float('{arg}')"
    if isinstance(arg, torch.device):
        if arg.type == 'npu':
            return "torch.device('npu')"
        return f'torch.device({str(arg)!r})'
    if isinstance(arg, str) and (arg == 'npu' or arg.startswith('npu:')):
        return "'npu'"
    if isinstance(arg, torch.Tensor) and arg.device.type == 'npu':
        return repr(arg.cpu()) + ".npu()"
    return repr(arg)


def _serialize_fx_node(node, node_names):
    parts = []
    for a in node.args:
        p = _serialize_fx_arg(a, node_names)
        if p is None:
            return None, 'arg'
        parts.append(p)
    for k, v in node.kwargs.items():
        p = _serialize_fx_arg(v, node_names)
        if p is None:
            return None, 'kwarg'
        parts.append(f'{k}={p}')
    return ', '.join(parts), None


def _gen_eager_fn_code(fragment):
    """Generate ``eager_fn(_inputs)`` source that runs aten ops directly."""
    ops = fragment['ops']
    inputs = fragment['inputs']
    outputs = fragment['outputs']

    node_names = {n.name for n in ops} | set(inputs.keys())
    input_names = list(inputs.keys())

    lines = ['def eager_fn(_inputs):']
    for i, name in enumerate(input_names):
        lines.append(f'    {name} = _inputs[{i}]')

    for node in ops:
        args_str, skip_reason = _serialize_fx_node(node, node_names)
        if skip_reason:
            logger.warning(
                "Precision check: Cannot serialize %s for FX node %s, generating profile-only benchmark",
                skip_reason,
                node.name,
            )
            return None

        target_str = node._pretty_print_target(node.target)
        if not target_str.startswith("torch."):
            logger.warning(
                "Precision check: Unsupported FX target %s for node %s, generating profile-only benchmark",
                target_str,
                node.name,
            )
            return None
        lines.append(f"    {node.name} = {target_str}({args_str})")

    out_parts = [n.name for n in outputs]
    missing_outputs = [name for name in out_parts if name not in node_names]
    if missing_outputs:
        logger.warning(
            "Precision check: Cannot serialize outputs %s, generating profile-only benchmark", missing_outputs
        )
        return None
    if not out_parts:
        out_expr = "()"
    elif len(out_parts) == 1:
        out_expr = f"({out_parts[0]},)"
    else:
        out_expr = f"({', '.join(out_parts)})"
    lines.append(f"    return {out_expr}")

    return '\n'.join(lines)


def _extract_fx_input_meta(fragment, sizevars):
    """Extract concrete shape/stride/dtype from FX fragment inputs' meta['val']."""
    fx_inputs = list(fragment['inputs'].values())
    meta_list = []
    for node in fx_inputs:
        val = node.meta.get('val')
        if val is None or not hasattr(val, 'shape'):
            logger.warning("FX input %s has no tensor meta, skip precision check", node.name)
            return None

        shape = []
        for dim in val.shape:
            if isinstance(dim, torch.SymInt):
                dim = dim.node.expr
            if isinstance(dim, sympy.Expr):
                resolved = _size_hint(dim, sizevars)
                shape.append(resolved)
            else:
                shape.append(int(dim))

        stride = []
        for s in val.stride():
            if isinstance(s, torch.SymInt):
                s = s.node.expr
            if isinstance(s, sympy.Expr):
                resolved = _size_hint(s, sizevars)
                stride.append(resolved)
            else:
                stride.append(int(s))

        meta_list.append((tuple(shape), tuple(stride), val.dtype))
    return meta_list


def _size_hint(expr, sizevars):
    """Estimate size for sympy expressions."""
    if isinstance(expr, sympy.Expr):
        from torch._inductor.utils import sympy_subs

        replacements = {}
        for s, ks in sizevars.items():
            for sym in expr.free_symbols:
                if hasattr(sym, 'name') and sym.name == ks:
                    replacements[sym] = s
        expr = sympy_subs(expr, replacements)
    hint_func = getattr(V.graph, "size_hint", getattr(V.graph.sizevars, "optimization_hint", None))
    if hint_func is None:
        return V.graph.sizevars.size_hint(expr, fallback=-1)
    return hint_func(expr, fallback=-1)


def _write_header(code, spec):
    code.writeline("#!/usr/bin/env python3")
    code.writeline('"""')
    code.writeline(f"Benchmark script: {spec.kernel_name}")
    code.writeline("")
    code.writeline("Mode boundary:")
    code.writeline("  --check   : eager_fn (extracted FX fragment) vs torch.compile(eager_fn).")
    code.writeline("               Does NOT verify the original ASC kernel artifact.")
    code.writeline("  --bench   : Performance comparison between eager_fn and torch.compile(eager_fn).")
    code.writeline("  --profile : NPU profiling for the actual ASC kernel.")
    code.writeline("")

    for node_str in spec.node_strs:
        code.writeline(node_str)
    code.writeline('"""')

    pkg_root = __package__.rsplit('.', 1)[0]
    imports = [
        "import pathlib",
        "import argparse",
        "import sys",
        "import os",
        "os.environ['TORCHINDUCTOR_NPU_BACKEND'] = 'ascendc'",
        "import torch",
        "import torch_npu",
        "from torch._inductor import config as inductor_config",
        "from torch._dynamo.testing import rand_strided",
        f"from {pkg_root}.compiler import async_compile as async_compile_ascendc",
        f"from {pkg_root}.common.precision_check import compare_outputs, run_profiling, parse_device_times, print_bench_result",
    ]

    for line in imports:
        code.writeline(line)


def _write_artifacts_dict_def(code, kernel_obj, artifacts, is_static):
    code.writelines(["\n"])
    code.writeline(f"{kernel_obj} = {{}}")
    code.writeline(f"{kernel_obj}['name'] = r'''{artifacts.name}'''")
    code.writeline(f"{kernel_obj}['cpp_wrapper'] = r'''{artifacts.cpp_wrapper}'''")
    code.writeline(f"{kernel_obj}['cpp_tiling_wrapper'] = r'''{artifacts.cpp_tiling_wrapper}'''")
    code.writeline(f"{kernel_obj}['has_matmul_template'] = '{getattr(artifacts, 'has_matmul_template', 'False')}'")
    code.writeline(f"{kernel_obj}['tiling_def'] = r'''{artifacts.tiling_def}'''")
    code.writeline(f"{kernel_obj}['host_impl'] = r'''{artifacts.host_impl}'''")
    code.writeline(f"{kernel_obj}['device_impl'] = r'''{artifacts.device_impl}'''")
    code.writeline(f"{kernel_obj}['vector_core_num'] = '{getattr(artifacts, 'vector_core_num', '-1')}'")
    code.writeline(f"{kernel_obj}['ai_core_num'] = '{getattr(artifacts, 'ai_core_num', '-1')}'")
    code.writeline(f"{kernel_obj}['is_static'] = {is_static}")


def _write_compare_helpers(code, precision, is_static, cpp_wrapper=False):
    dynamic = not is_static
    code.writelines(["\n"])
    code.splice(precision.eager_fn_code)
    code.writelines(["\n"])
    code.splice(f"""
    def _run_eager(inputs):
        return eager_fn(inputs)

    _compiled_fn = torch.compile(eager_fn, backend='inductor', options={{"npu_backend": "ascendc"}}, dynamic={dynamic})

    def _run_compiled(inputs):
        with inductor_config.patch({{"cpp_wrapper": {cpp_wrapper!r}}}):
            result = _compiled_fn(inputs)
        return result
    """)
    code.writelines(["\n"])


def _write_argparse(code, has_precision, kernel_name):
    code.splice(f"""
    parser = argparse.ArgumentParser(description='Benchmark runner: {kernel_name}')
    """)
    if has_precision:
        code.splice("""
    mode_group = parser.add_mutually_exclusive_group()
    mode_group.add_argument('--check', action='store_true',
                      help='Compare eager vs torch.compile(inductor) precision')
    mode_group.add_argument('--bench', action='store_true',
                      help='Performance comparison: eager vs torch.compile')
    mode_group.add_argument('--profile', action='store_true',
                      help='NPU profiler (default if no mode flag)')
    """)
    else:
        code.splice("""
    parser.add_argument('--profile', action='store_true', help='NPU profiler (default)')
    """)
    code.splice("""
    parser.add_argument('--e2e', action='store_true',
        help='Use inlined asc_graph source (baked in at codegen time)')
    args = parser.parse_args()
    """)
    if has_precision:
        code.splice("""
    mode = 'check' if args.check else ('bench' if args.bench else 'profile')
    """)
    else:
        code.splice("""
    mode = 'profile'
    """)
    code.writelines(["\n"])


def _write_artifacts_loading(code, kernel_obj, asc_graph_path):
    code.writeline("if args.e2e:")
    with code.indent():
        with open(asc_graph_path, "r", encoding="utf-8") as asc_graph:
            code.splice(asc_graph.read())
        code.writeline(f"{kernel_obj}['tiling_def'] = tiling_def")
        code.writeline(f"{kernel_obj}['host_impl'] = host_impl")
        code.writeline(f"{kernel_obj}['device_impl'] = device_impl")
    code.writelines(["\n"])


def _write_main_block(code, spec, has_precision):
    """Write the main execution block: profile if-branch, check/bench else-branch."""
    for lhs, rhs, value, comment in spec.symbols:
        if comment:
            code.writeline(f"{lhs} = {rhs} = {value} # {comment}")
        else:
            code.writeline(f"{lhs} = {rhs} = {value}")

    code.writeline("if mode == 'profile':")
    with code.indent():
        code.writeline(f"{spec.kernel_name} = async_compile_ascendc(None, {spec.kernel_obj})")
        for buf_name, buf_shape, buf_stride, buf_device, buf_dtype in spec.profile_buffers:
            code.writeline(
                f"{buf_name} = rand_strided({buf_shape}, {buf_stride}, device='{buf_device}', dtype={buf_dtype})"
            )
        code.writeline(f"{spec.kernel_name}({spec.asc_call_str})")
        code.writeline("")
        code.writeline("experimental_config = torch_npu.profiler._ExperimentalConfig(")
        code.writeline("    export_type=[torch_npu.profiler.ExportType.Text, torch_npu.profiler.ExportType.Db],")
        code.writeline("    profiler_level=torch_npu.profiler.ProfilerLevel.Level2,")
        code.writeline("    msprof_tx=False,")
        code.writeline("    aic_metrics=torch_npu.profiler.AiCMetrics.AiCoreNone,")
        code.writeline("    l2_cache=False,")
        code.writeline("    op_attr=False,")
        code.writeline("    data_simplification=False,")
        code.writeline("    record_op_args=False,")
        code.writeline("    gc_detect_threshold=None")
        code.writeline(")")
        code.writeline("with torch_npu.profiler.profile(")
        code.writeline(
            "    activities=[torch_npu.profiler.ProfilerActivity.CPU, torch_npu.profiler.ProfilerActivity.NPU],"
        )
        code.writeline("    schedule=torch_npu.profiler.schedule(wait=0, warmup=0, active=10, repeat=1, skip_first=1),")
        code.writeline("    on_trace_ready=torch_npu.profiler.tensorboard_trace_handler('./profiling'),")
        code.writeline("    record_shapes=False,")
        code.writeline("    profile_memory=False,")
        code.writeline("    with_stack=False,")
        code.writeline("    with_modules=False,")
        code.writeline("    with_flops=False,")
        code.writeline("    experimental_config=experimental_config) as prof:")
        with code.indent():
            code.writeline("for _ in range(11):")
            with code.indent():
                code.writeline(f"{spec.kernel_name}({spec.asc_call_str})")
                code.writeline("prof.step()")

    if has_precision:
        code.writeline("else:")
        with code.indent():
            code.writeline("_fx_inputs = []")
            for shape, stride, dtype in spec.precision.fx_input_meta:
                code.writeline(f"_fx_inputs.append(rand_strided({shape}, {stride}, device='npu', dtype={dtype}))")
            code.writeline("if mode == 'check':")
            with code.indent():
                code.writeline("_ok = run_check(_fx_inputs)")
                code.writeline("sys.exit(0 if _ok else 1)")
            code.writeline("elif mode == 'bench':")
            with code.indent():
                code.writeline("run_bench(_fx_inputs)")
    code.writelines(["\n"])


def _write_check_function(code, precision):
    output_names = precision.output_names

    code.splice(f"""
    def run_check(inputs):
        \"\"\"Compare eager_fn (extracted FX fragment) vs torch.compile(eager_fn, backend='inductor').

        Note: This does NOT verify the original ASC kernel artifact.
        Use --profile to exercise/profile the actual ASC kernel.
        \"\"\"
        all_pass = False
        try:
            eager_outputs = _run_eager(inputs)
            compiled_outputs = _run_compiled(inputs)
            all_pass = compare_outputs({output_names!r}, eager_outputs, compiled_outputs)
        except Exception as _e:
            print(f'Precision check failed with exception: {{_e}}')
        if all_pass:
            print('Precision check passed.')
        else:
            print('Precision check failed.')
        return all_pass
    """)


def _write_bench_function(code, kernel_name):
    code.splice(f"""
    def run_bench(inputs):
        \"\"\"Run performance benchmark: eager vs torch.compile(inductor).\"\"\"
        _eager_prof_dir = pathlib.Path('./bench_eager_prof')
        _run_eager(inputs)
        torch.npu.synchronize()
        run_profiling(_run_eager, [inputs], _eager_prof_dir)
        _eager_times = parse_device_times(_eager_prof_dir)

        _compiled_prof_dir = pathlib.Path('./bench_compiled_prof')
        _run_compiled(inputs)
        torch.npu.synchronize()
        run_profiling(_run_compiled, [inputs], _compiled_prof_dir)
        _compiled_times = parse_device_times(_compiled_prof_dir)

        print_bench_result({kernel_name!r}, _eager_times, _compiled_times)
    """)
    code.writelines(["\n"])
