import operator
import torch
import torch.library
from torch.utils._ordered_set import OrderedSet

from ..common import logger  # pylint: disable=relative-beyond-top-level
from ..config import enable_gmm_fuse  # pylint: disable=relative-beyond-top-level

modern = torch.library.Library("modern", "FRAGMENT")
modern.define("npu_scatter_nd_update_(Tensor(a!) x, Tensor indices, Tensor updates) -> None")


@torch.library.impl("modern::npu_scatter_nd_update_", "NPU")
def npu_scatter_nd_update_impl(x, indices, updates):
    torch.ops.npu.npu_scatter_nd_update_(x, indices, updates)


@torch.library.impl("modern::npu_scatter_nd_update_", "Meta")
def npu_scatter_nd_update_meta(x, indices, updates):
    pass


def _replace_legacy_npu_scatter_nd_update_pass(graph: torch.fx.graph.Graph):
    """
    Registered @pre_grad_custom_pass

    Replaces legacy in-place NPU ops such as torch.ops.npu.npu_scatter_nd_update_ in FX graph
    with a modern, custom operator. The modern operator can be auto-functionalized by AOT,
    and can be re-inplace after inductor fuse.
    """
    changed = False
    for node in list(graph.nodes):
        if node.op != 'call_function':
            continue
        if node.target == torch.ops.npu.npu_scatter_nd_update_:
            logger.debug(f"Replacing legacy npu_scatter_nd_update_ at node {node.name}")
            modern_op = torch.ops.modern.npu_scatter_nd_update_
            with graph.inserting_after(node):
                graph.call_function(modern_op, args=node.args, kwargs=node.kwargs)
                node.replace_all_uses_with(node.args[0])
            graph.erase_node(node)
            changed = True
    eliminate_dead_code(graph, changed, _replace_legacy_npu_scatter_nd_update_pass.__name__, False)


def run_pre_grad_custom_pass(graph: torch.fx.graph.Graph):
    _replace_legacy_npu_scatter_nd_update_pass(graph)
    _pad_slice_fold_pass(graph)
    return graph


def run_post_grad_custom_pre_pass(graph: torch.fx.graph.Graph):
    _batch_embedding_fusion_pass(graph)
    if enable_gmm_fuse:
        _grouped_mm_relu_to_act_type_pass(graph)
    return graph


def _batch_embedding_fusion_pass(graph: torch.fx.Graph) -> None:
    """批量融合 embedding 调用：按权重和索引 shape 分组，对同组的多次 embedding+reduce
    合并为单次 reshape→embedding→reduce，从而显著降低调度与访存开销。
    """
    changed = False

    emb_nodes = [n for n in graph.nodes if n.op == "call_function" and n.target == torch.ops.aten.embedding.default]
    if len(emb_nodes) < 2:
        return

    groups = {}
    for node in emb_nodes:
        if not _has_default_embedding_args(node):
            continue

        weight = node.args[0]
        indices = node.args[1]

        w_shape = get_node_shape(weight)
        idx_shape = get_node_shape(indices)
        if w_shape is None or idx_shape is None or len(w_shape) != 2:
            continue
        if len(idx_shape) < 1:
            continue
        if any(isinstance(d, torch.SymInt) for d in w_shape):
            continue

        D = int(w_shape[1])
        key = (_weight_node_key(weight), D, _symbolic_shape_key(idx_shape))
        groups.setdefault(key, []).append(node)

    node_order = {n: i for i, n in enumerate(graph.nodes)}

    for key, all_nodes in groups.items():
        if len(all_nodes) < 2:
            continue
        all_nodes.sort(key=lambda n: node_order.get(n, 0))

        if _fuse_embedding_subgroup(graph, all_nodes, node_order, key[1]):
            changed = True

    eliminate_dead_code(graph, changed, _batch_embedding_fusion_pass.__name__)


def _grouped_mm_relu_to_act_type_pass(graph: torch.fx.Graph) -> None:
    """Fold GMM output ReLUs into GroupedMatmul's ``act_type``."""
    gmm_targets = {torch.ops.npu.npu_grouped_matmul.default}
    gmm_list_target = getattr(torch.ops.npu.npu_grouped_matmul, "List", None)
    if gmm_list_target is not None:
        gmm_targets.add(gmm_list_target)
    changed = False

    for gmm in list(graph.nodes):
        if gmm.op != "call_function" or gmm.target not in gmm_targets:
            continue

        kwargs = dict(gmm.kwargs)
        if kwargs.get("split_item", 0) not in (2, 3):
            continue

        # Split modes 2 and 3 have one output. Every direct reference to
        # output[0] must start with a ReLU-only subgraph.
        gmm_users = list(gmm.users)
        if not gmm_users:
            continue

        relu_nodes = []
        relu_targets = set()
        visited = set()
        worklist = []
        supported_relu_targets = (torch.ops.aten.relu.default, torch.ops.aten.relu_.default)
        valid = True
        for getitem in gmm_users:
            if (
                getitem.op != "call_function"
                or getitem.target is not operator.getitem
                or len(getitem.args) != 2
                or getitem.args[1] != 0
                or not getitem.users
            ):
                valid = False
                break
            if any(user.op != "call_function" or user.target not in supported_relu_targets for user in getitem.users):
                valid = False
                break
            worklist.extend(getitem.users)

        while valid and worklist:
            node = worklist.pop()
            if node in visited:
                continue
            visited.add(node)
            if node.op != "call_function" or node.target not in supported_relu_targets:
                # A non-ReLU user is a consumer after the ReLU subgraph and
                # does not need to be folded or inspected further.
                continue
            relu_targets.add(node.target)
            relu_nodes.append(node)
            worklist.extend(node.users)

        # In-place and out-of-place ReLU have different alias semantics and
        # must not be folded together for the same GMM output.
        if not valid or not relu_nodes or len(relu_targets) != 1:
            continue

        if relu_targets == {torch.ops.aten.relu.default}:
            # Removing multiple out-of-place ReLUs can merge their formerly
            # independent result buffers. Only a single linear chain keeps
            # that alias change unobservable; branches are rejected.
            if len(gmm_users) != 1:
                continue
            current_users = list(gmm_users[0].users)
            if len(current_users) != 1:
                continue
            chain_nodes = set()
            current = current_users[0]
            while current in relu_nodes:
                chain_nodes.add(current)
                relu_users = [user for user in current.users if user in relu_nodes]
                if len(relu_users) > 1 or (relu_users and len(current.users) != 1):
                    chain_nodes = set()
                    break
                if not relu_users:
                    break
                current = relu_users[0]
            if chain_nodes != set(relu_nodes):
                continue

        old_act_type = kwargs.get("act_type", 0)
        if old_act_type not in (None, 0):
            continue

        kwargs["act_type"] = 1
        gmm.kwargs = kwargs
        for relu in relu_nodes:
            getitem = relu.args[0]
            relu.replace_all_uses_with(getitem)
            graph.erase_node(relu)
        changed = True
        logger.info(
            "grouped_mm_relu_to_act_type_pass: folded %d relu nodes into %s with act_type=1",
            len(relu_nodes),
            gmm.name,
        )

    eliminate_dead_code(graph, changed, _grouped_mm_relu_to_act_type_pass.__name__)


def _has_default_embedding_args(node):
    """判断 aten.embedding 调用是否使用全部默认参数
    （padding_idx=-1、未启用 scale_grad_by_freq 与 sparse）。
    """
    if len(node.args) > 2 and node.args[2] != -1:
        return False
    if len(node.args) > 3 and node.args[3]:
        return False
    if len(node.args) > 4 and node.args[4]:
        return False
    for k, v in node.kwargs.items():
        if k == "padding_idx" and v != -1:
            return False
        if k in ("scale_grad_by_freq", "sparse") and v:
            return False
    return True


def _symbolic_shape_key(shape):
    """生成可哈希的 shape key：SymInt 维度转字符串，其它维度转 int，便于 embedding 分组。"""
    return tuple(str(d) if isinstance(d, torch.SymInt) else int(d) for d in shape)


def _weight_node_key(w):
    """生成 embedding 权重节点的标识 key：参数/常量按 (op, target) 共享，其余按 id 区分。"""
    if w.op in ("get_attr", "placeholder"):
        return (w.op, w.target)
    return id(w)


_REDUCE_OPS_DIM_LIST = {
    torch.ops.aten.sum.dim_IntList: "sum",
    torch.ops.aten.mean.dim: "mean",
    torch.ops.aten.amax.default: "amax",
    torch.ops.aten.amin.default: "amin",
}

_REDUCE_OPS_DIM_INT = {
    torch.ops.aten.prod.dim_int: "prod",
}


def _reduce_call_args(target, input_node, reduce_dim):
    """根据 reduce 算子签名，构造其规约维度参数：dim_int 版本传单个 int，dim_list 版本传列表。"""
    if target in _REDUCE_OPS_DIM_INT:
        return (input_node, reduce_dim)
    return (input_node, [reduce_dim])


def _detect_reduce_pattern(nodes, cat_dim):
    """检查每个 embedding 节点的唯一使用者是否都是同一种沿 cat_dim 规约且 keepdim=False 的 reduce；
    若一致则返回 (reduce_target, reduce_nodes)，否则返回 None。
    """
    reduce_target = None
    reduce_nodes = []
    for node in nodes:
        users = [u for u in node.users if u.op != "output"]
        if len(users) != 1:
            return None
        user = users[0]
        if user.op != "call_function":
            return None

        target = user.target
        if target in _REDUCE_OPS_DIM_LIST:
            dims = user.args[1] if len(user.args) > 1 else None
            if dims != [cat_dim]:
                return None
            keepdim = user.args[2] if len(user.args) > 2 else user.kwargs.get("keepdim", False)
        elif target in _REDUCE_OPS_DIM_INT:
            dim_arg = user.args[1] if len(user.args) > 1 else None
            if dim_arg != cat_dim:
                return None
            keepdim = user.args[2] if len(user.args) > 2 else user.kwargs.get("keepdim", False)
        else:
            return None

        if keepdim:
            return None
        if reduce_target is None:
            reduce_target = target
        elif reduce_target is not target:
            return None
        reduce_nodes.append(user)
    return reduce_target, reduce_nodes


def _detect_indices_parent(nodes):
    """检测一组 embedding 节点的 indices 是否来自同一父张量的同维度连续 slice，
    并且这些 slice 完整无重叠地覆盖该维度；满足时返回 (parent, slice_dim)。
    """
    if not nodes:
        return None, None

    parent = None
    slice_dim = None
    slices_info = []

    for node in nodes:
        idx = node.args[1]
        if not (
            isinstance(idx, torch.fx.Node) and idx.op == "call_function" and idx.target == torch.ops.aten.slice.Tensor
        ):
            return None, None

        src = idx.args[0]
        dim = idx.args[1] if len(idx.args) > 1 else 0
        start = idx.args[2] if len(idx.args) > 2 else 0
        end = idx.args[3] if len(idx.args) > 3 else None

        if isinstance(dim, torch.fx.Node):
            return None, None
        dim = int(dim)

        if parent is None:
            parent = src
            slice_dim = dim
        elif src is not parent or dim != slice_dim:
            return None, None

        if isinstance(start, torch.fx.Node) or isinstance(end, torch.fx.Node):
            return None, None
        slices_info.append((int(start) if start is not None else 0, end))

    parent_shape = get_node_shape(parent)
    if parent_shape is None or slice_dim >= len(parent_shape):
        return None, None
    dim_size = parent_shape[slice_dim]
    if isinstance(dim_size, torch.SymInt):
        return None, None
    dim_size = int(dim_size)

    resolved = [(s, int(e) if e is not None else dim_size) for s, e in slices_info]
    resolved_sorted = sorted(resolved, key=lambda x: x[0])
    expected = 0
    for s, e in resolved_sorted:
        if s != expected:
            return None, None
        expected = e
    if expected != dim_size:
        return None, None

    return parent, slice_dim


def _fuse_embedding_subgroup(graph, nodes, node_order, D):
    """对一组共享权重的 embedding 调用进行批量融合：校验索引来源与下游 reduce 模式后，
    转发到 Pattern C 的 reshape-first 实现去合并为单个 embedding+reduce。
    """
    if len(nodes) < 2:
        return False

    weight_node = nodes[0].args[0]
    w_fake = weight_node.meta.get("val")
    if w_fake is None:
        return False
    V = int(get_node_shape(weight_node)[0])

    fake_mode = getattr(w_fake, "fake_mode", None)
    if fake_mode is None:
        return False

    parent_node, slice_dim = _detect_indices_parent(nodes)
    if parent_node is None:
        return False
    parent_fake = parent_node.meta.get("val")
    if parent_fake is None:
        return False

    reduce_info = _detect_reduce_pattern(nodes, slice_dim)
    if reduce_info is None:
        return False
    reduce_target, reduce_nodes = reduce_info

    return _apply_pattern_c_reshape_first(
        graph,
        nodes,
        reduce_nodes,
        weight_node,
        parent_node,
        reduce_target,
        slice_dim,
        fake_mode,
        w_fake,
        parent_fake,
        V,
        D,
    )


def _try_collapse_select_chain_into_cat_reshape(
    graph,
    source_node,
    source_fake,
    ordered_chain_nodes,
    source_axis,
    fake_mode,
):
    """尝试将「N 个 select + 同一 cat」的下游链折叠成一次 reshape：
    当所有 select 在 cat 的末维按序连续出现时，可用 flatten 的 reshape 直接接入 cat。
    """
    src_shape = get_node_shape(source_node)
    if src_shape is None:
        return False
    ndim = len(src_shape)
    if source_axis != ndim - 2:
        return False

    cat_node = None
    for cn in ordered_chain_nodes:
        if len(cn.users) != 1:
            return False
        user = next(iter(cn.users.keys()))
        if user.op != "call_function" or user.target != torch.ops.aten.cat.default:
            return False
        if cat_node is None:
            cat_node = user
        elif user is not cat_node:
            return False
    if cat_node is None:
        return False

    cat_args_in = cat_node.args
    cat_inputs = list(cat_args_in[0])
    cat_dim = cat_args_in[1] if len(cat_args_in) > 1 else 0
    chain_out_ndim = ndim - 1
    if cat_dim not in (-1, chain_out_ndim - 1):
        return False

    for cn in ordered_chain_nodes:
        if sum(1 for x in cat_inputs if x is cn) != 1:
            return False

    N = len(ordered_chain_nodes)
    try:
        start = cat_inputs.index(ordered_chain_nodes[0])
    except ValueError:
        return False
    if start + N > len(cat_inputs):
        return False
    for i in range(N):
        if cat_inputs[start + i] is not ordered_chain_nodes[i]:
            return False

    D = src_shape[-1]
    new_shape = list(src_shape[:-2]) + [src_shape[-2] * D]
    try:
        with fake_mode:
            flat_fake = torch.ops.aten.reshape.default(
                source_fake,
                list(new_shape),
            )
    except Exception:
        return False

    with graph.inserting_after(source_node):
        flat = graph.call_function(
            torch.ops.aten.reshape.default,
            args=(source_node, list(new_shape)),
        )
        _set_node_meta(flat, flat_fake, source_node)

    new_cat_inputs = cat_inputs[:start] + [flat] + cat_inputs[start + N :]
    cat_node.args = (new_cat_inputs,) + tuple(cat_args_in[1:])
    return True


def _apply_pattern_c_reshape_first(
    graph,
    nodes,
    reduce_nodes,
    weight_node,
    parent_node,
    reduce_target,
    slice_dim,
    fake_mode,
    w_fake,
    parent_fake,
    V,
    D,
):
    """实现 Pattern C 的批量 embedding 融合：先对父 indices reshape 出额外的 N 维，
    再做一次 embedding + reduce，最后用 select（或 cat 折叠）接回原下游使用者。
    """
    N = len(nodes)

    parent_shape = get_node_shape(parent_node)
    if parent_shape is None:
        return False
    if slice_dim >= len(parent_shape):
        return False
    dim_size_raw = parent_shape[slice_dim]
    if isinstance(dim_size_raw, torch.SymInt):
        return False
    dim_size = int(dim_size_raw)

    lengths = OrderedSet()
    starts = []
    for node in nodes:
        idx = node.args[1]
        start = idx.args[2] if len(idx.args) > 2 else 0
        end = idx.args[3] if len(idx.args) > 3 else None
        if isinstance(start, torch.fx.Node) or isinstance(end, torch.fx.Node):
            return False
        start_i = int(start) if start is not None else 0
        end_i = int(end) if end is not None else dim_size
        lengths.add(end_i - start_i)
        starts.append((node, start_i))
    if len(lengths) != 1:
        return False
    L = lengths.pop()
    if L <= 0 or N * L != dim_size:
        return False

    new_idx_shape = list(parent_shape)
    new_idx_shape[slice_dim] = N
    new_idx_shape.insert(slice_dim + 1, L)
    new_reduce_dim = slice_dim + 1

    order = sorted(range(N), key=lambda i: starts[i][1])
    ordered_emb_nodes = [nodes[i] for i in order]
    ordered_reduce_nodes = [reduce_nodes[i] for i in order]

    try:
        with fake_mode:
            new_idx_fake = torch.ops.aten.reshape.default(
                parent_fake,
                list(new_idx_shape),
            )
            new_emb_fake = torch.ops.aten.embedding.default(
                w_fake,
                new_idx_fake,
            )
            new_reduce_fake = reduce_target(
                *_reduce_call_args(reduce_target, new_emb_fake, new_reduce_dim),
            )
    except Exception:
        return False

    graph_node_order = {node: idx for idx, node in enumerate(graph.nodes)}
    insert_anchor = min([ordered_emb_nodes[0], *ordered_reduce_nodes], key=lambda node: graph_node_order[node])

    with graph.inserting_before(insert_anchor):
        reshaped_parent = graph.call_function(
            torch.ops.aten.reshape.default,
            args=(parent_node, list(new_idx_shape)),
        )
        _set_node_meta(reshaped_parent, new_idx_fake, parent_node)

        new_emb = graph.call_function(
            torch.ops.aten.embedding.default,
            args=(weight_node, reshaped_parent),
        )
        _set_node_meta(new_emb, new_emb_fake, ordered_emb_nodes[0])

        new_reduce = graph.call_function(
            reduce_target,
            args=_reduce_call_args(reduce_target, new_emb, new_reduce_dim),
        )
        _set_node_meta(new_reduce, new_reduce_fake, ordered_reduce_nodes[0])

    collapsed = _try_collapse_select_chain_into_cat_reshape(
        graph,
        new_reduce,
        new_reduce_fake,
        ordered_reduce_nodes,
        slice_dim,
        fake_mode,
    )

    if not collapsed:
        for i, rn in enumerate(ordered_reduce_nodes):
            try:
                with fake_mode:
                    sel_fake = torch.ops.aten.select.int(
                        new_reduce_fake,
                        slice_dim,
                        i,
                    )
            except Exception:
                return False

            with graph.inserting_before(rn):
                sel = graph.call_function(
                    torch.ops.aten.select.int,
                    args=(new_reduce, slice_dim, i),
                )
                _set_node_meta(sel, sel_fake, ordered_reduce_nodes[0])

            rn.replace_all_uses_with(sel)

    for rn in reversed(ordered_reduce_nodes):
        if len(rn.users) == 0:
            graph.erase_node(rn)
    for en in reversed(ordered_emb_nodes):
        if len(en.users) == 0:
            graph.erase_node(en)

    if collapsed:
        logger.info(
            "batch_embedding_fusion_pass: Pattern C "
            "(reshape-first + cat-collapse) — replaced %d "
            "(slice+emb+reduce) + %d downstream selects with "
            "1 reshape + 1 emb + 1 reduce + 1 reshape "
            "(N=%d, L=%d, V=%d, D=%d)",
            N,
            N,
            N,
            L,
            V,
            D,
        )
    else:
        logger.info(
            "batch_embedding_fusion_pass: Pattern C (reshape-first) "
            "— replaced %d (slice+emb+reduce) with "
            "1 reshape + 1 emb + 1 reduce + %d select "
            "(N=%d, L=%d, V=%d, D=%d)",
            N,
            N,
            N,
            L,
            V,
            D,
        )
    return True


def _pad_slice_fold_pass(graph: torch.fx.Graph) -> None:
    """
    Registered @pre_grad_custom_pass

    The area filled with Pad falls completely outside the range of Slice's capture → Pad is blank,
    simply delete Pad+Slice and replace it with the original input.
    """
    # padding -> slice
    changed = False
    for node in reversed(list(graph.nodes)):
        # 检查是否为 linear 节点
        if node.op != "call_function" or node.target != torch._C._nn.pad:
            continue
        # 获取 pad 节点的输入和参数
        input_tensor = node.args[0]
        pad = node.args[1]
        input_shape = get_node_shape(input_tensor)
        if input_shape is None:
            continue
        pad_dim, _ = get_pad_dim_and_size(pad, input_shape)
        if pad_dim is None:
            continue
        # 查找 pad 节点的消费者（后续节点）
        # 检查所有下游 slice 节点
        all_slices_valid = True
        slice_nodes = []
        for user in list(node.users):
            if user.op != "call_function" or user.target != operator.getitem:
                all_slices_valid = False
                break
            # 取出索引 tuple
            idx = user.args[1]
            if not isinstance(idx, (tuple, list)) or len(idx) <= pad_dim:
                all_slices_valid = False
                break
            start = idx[pad_dim].start
            end = idx[pad_dim].stop
            step = idx[pad_dim].step
            slice_start = start if isinstance(start, int) else 0
            slice_end = end if isinstance(end, int) else None
            slice_step = step if isinstance(step, int) else 1
            # 检查是否在维度上发生的切片，且切片范围不包含填充部分
            is_valid_prefix = (
                isinstance(slice_end, int)  # pylint: disable=chained-comparison
                and slice_end <= input_shape[pad_dim]
                and slice_step in (1, None)
                and slice_start <= slice_end
            )
            if not is_valid_prefix:
                all_slices_valid = False
                break
            slice_nodes.append((user, (input_tensor, idx)))

        # 如果所有 slice 节点都满足条件，替换 pad + slice 为直接 slice
        if all_slices_valid and slice_nodes:
            for user, new_args in slice_nodes:
                user.args = new_args
            graph.erase_node(node)  # 删除 pad 节点
            changed = True
    eliminate_dead_code(graph, changed, _pad_slice_fold_pass.__name__, False)


def get_node_shape(node: torch.fx.Node):
    if (node.meta == {}) or (
        'example_value' not in node.meta and 'tensor_meta' not in node.meta and 'val' not in node.meta
    ):
        return None
    shape = None
    if 'val' in node.meta:
        shape = node.meta['val'].shape
    elif 'example_value' in node.meta:
        example_value = node.meta.get('example_value')
        if hasattr(example_value, 'size'):
            shape = example_value.size()
    elif 'tensor_meta' in node.meta:
        shape = node.meta['tensor_meta'].shape
    if any(isinstance(s, torch.SymInt) for s in shape):
        return None
    return shape


def get_pad_dim_and_size(pad, input_shape):
    """
    从 pad 参数和输入张量形状中提取填充的维度和填充量。
    Args:
        pad: 填充参数列表，例如 [0, 0, 0, max_seq_len]。
        input_shape: 输入张量的形状，例如 [128, 50, 128]。
    Returns:
        pad_dim: 填充的维度索引（从 0 开始）。
        pad_size: 右侧填充量。
    """
    N = len(input_shape)  # 张量维度数
    pad_dim = None
    pad_size = 0
    for i in range(len(pad) // 2):
        left, right = pad[2 * i], pad[2 * i + 1]
        dim = N - 1 - i  # 从后向前映射维度
        if left == 0 and right > 0:
            if pad_dim is not None:
                return None, 0  # 多个维度填充，复杂情况，跳过
            pad_dim = dim
            pad_size = right
        elif left != 0 or right != 0:
            return None, 0  # 复杂填充，跳过
    return pad_dim, pad_size


def _set_node_meta(node, fake_val, source_node=None):
    # get_fused_kernel_name need orignal_aten
    node.meta["val"] = fake_val
    if source_node is not None and "original_aten" in source_node.meta:
        node.meta["original_aten"] = source_node.meta["original_aten"]
    elif "original_aten" not in node.meta:
        if isinstance(node.target, torch._ops.OpOverload):
            node.meta["original_aten"] = node.target


def eliminate_dead_code(graph, changed, fn_name, POST=True):
    if changed:
        graph.lint()
        if POST:
            graph.eliminate_dead_code()
        logger.debug("[inductor_fx_ext] %s works in graph.", fn_name)
