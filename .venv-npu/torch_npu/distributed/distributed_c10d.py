__all__ = ["is_hccl_available", "reinit_process_group"]

import logging
import os
import warnings
from functools import wraps

import torch
import torch.distributed as dist
import torch.distributed.distributed_c10d as dist_c10d
from torch._C._distributed_c10d import (
    FakeProcessGroup,
    _ProcessGroupWrapper
)
from torch.distributed.distributed_c10d import (
    _check_p2p_op_list,
    _check_single_tensor,
    _check_tensor_list,
    _coalescing_manager,
    _ensure_all_tensors_same_dtype,
    _get_default_group,
    _get_group_size,
    _get_object_coll_device,
    _object_to_tensor,
    _rank_not_in_group,
    _tensor_to_object,
    _unregister_all_process_groups,
    _unregister_process_group,
    _update_default_pg,
    _validate_output_list_for_rank,
    _warn_not_in_group,
    all_gather,
    Backend,
    GatherOptions,
    get_global_rank,
    get_group_rank,
    get_rank,
    get_world_size,
    GroupMember,
    isend,
    ProcessGroup,
    ReduceScatterOptions,
)
from torch.distributed.elastic.rendezvous import RendezvousParameters

from torch_npu import npu
from torch_npu.npu.utils import _is_gte_cann_version

_CANN_VERSION = _is_gte_cann_version("9.0.0")
from torch_npu.utils._error_code import dist_error, ErrCode


logger = logging.getLogger("torch.distributed")
npu_device_name = None


def _batch_isend_irecv(p2p_op_list):
    group = p2p_op_list[0].group
    device = p2p_op_list[0].tensor.device
    is_multi_pg = True

    def peer_kwarg(op):
        key = "group_dst" if op.op is isend else "group_src"
        return {key: op.group_peer}

    if device.type == "cuda":
        with _coalescing_manager(group, device, async_ops=True) as cm:
            for p2p_op in p2p_op_list:
                p2p_op.op(p2p_op.tensor, p2p_op.peer, p2p_op.group, p2p_op.tag)
        return cm.works
    elif device.type == "npu":
        global npu_device_name
        npu_device_name = npu.get_device_name()
        if group is None:
            group = _get_default_group()
            is_multi_pg = False
        _group = group._get_backend(device)
        is_supported_device_name = (
            npu_device_name >= "Ascend910B1" and npu_device_name <= "Ascend910B4_1"
        ) or (
            npu_device_name >= "Ascend910_9362" and npu_device_name <= "Ascend910_9392"
        )
        is_fake_backend = isinstance(_group, FakeProcessGroup)
        if (
            (isinstance(group, ProcessGroup)
                and _CANN_VERSION
                and is_supported_device_name) or is_fake_backend
        ):
            # coalescing manager
            _check_p2p_op_list(p2p_op_list)
            with _coalescing_manager(group=group, device=device, async_ops=True) as cm:
                for p2p_op in p2p_op_list:
                    p2p_op.op(
                        p2p_op.tensor,
                        group=p2p_op.group,
                        tag=p2p_op.tag,
                        **peer_kwarg(p2p_op),
                    )
            return cm.works
        else:
            # batch_isend_irecv
            op_type = []
            tensors = []
            remote_rank_list = []
            for p2p_op in p2p_op_list:
                if p2p_op.tensor.device.type != "npu":
                    deviceType = p2p_op.tensor.device.type
                    raise RuntimeError(
                        f"No backend type associated with device type {deviceType}"
                        + dist_error(ErrCode.PARAM)
                    )
                op_type.append(p2p_op.op.__name__)
                tensors.append(p2p_op.tensor)
                rank_for_op = (
                    get_group_rank(group, p2p_op.peer) if is_multi_pg else p2p_op.peer
                )
                remote_rank_list.append(rank_for_op)

            # NCCL has no batch_isend_irecv op, so PyTorch's ProcessGroupWrapper
            # does not define a batch_isend_irecv method. When TORCH_DISTRIBUTED_DEBUG=DETAIL
            # is set, the upstream _new_process_group_helper wraps the HCCL PG via
            # _create_process_group_wrapper, and this path is hit on A5. Unwrap to
            # the real ProcessGroupHCCL, which implements batch_isend_irecv.
            if isinstance(_group, _ProcessGroupWrapper):
                _group = _group.wrapped_pg
            return [_group.batch_isend_irecv(op_type, tensors, remote_rank_list)]
    else:
        # Backward support for Gloo
        reqs = []
        for p2p_op in p2p_op_list:
            work = p2p_op.op(p2p_op.tensor, p2p_op.peer, p2p_op.group, p2p_op.tag)
            if work:
                reqs.append(work)
    return reqs


def _gather(tensor, gather_list=None, dst=0, group=None, async_op=False):
    """
    Gathers a list of tensors in a single process.

    Args:
        tensor (Tensor): Input tensor.
        gather_list (list[Tensor], optional): List of appropriately-sized
            tensors to use for gathered data (default is None, must be specified
            on the destination rank)
        dst (int, optional): Destination rank (default is 0)
        group (ProcessGroup, optional): The process group to work on. If None,
            the default process group will be used.
        async_op (bool, optional): Whether this op should be an async op

    Returns:
        Async work handle, if async_op is set to True.
        None, if not async_op or if not part of the group
    Note:
        Npu replaces gather with all_gather in default mode, uses gather with group send/recv in compatibility mode
    """

    _check_single_tensor(tensor, "tensor")

    if gather_list:
        _check_tensor_list(gather_list, "gather_list")
    else:
        gather_list = []
    _ensure_all_tensors_same_dtype(tensor, gather_list)

    if _rank_not_in_group(group):
        _warn_not_in_group("gather")
        return None
    my_rank = get_rank()

    _validate_output_list_for_rank(my_rank, dst, gather_list)
    group_size = _get_group_size(group)
    recv_size_list = (
        [None for _ in range(group_size)]
        if my_rank != dst
        else [tensor.size() for tensor in gather_list]
    )

    input_tensors = [tensor]
    opts = GatherOptions()
    opts.rootRank = dst
    use_compatible_impl = False
    if tensor.device.type == "npu":
        use_compatible_impl = npu.are_compatible_impl_enabled()

    if use_compatible_impl:
        npu_device_name = npu.get_device_name()
        use_compatible_impl = (npu_device_name >= "Ascend910B1" and npu_device_name <= "Ascend910B4_1") or \
            (npu_device_name >= "Ascend910_9362" and npu_device_name <= "Ascend910_9392")

    if group is None or group is GroupMember.WORLD:
        default_pg = _get_default_group()
        if tensor.device.type == "npu":
            if use_compatible_impl:
                output_tensors = [gather_list] if my_rank == dst else []
                _group = default_pg._get_backend(torch.device("npu"))
                work = _group.gather(output_tensors, input_tensors, opts)
            else:
                if my_rank == dst:
                    warnings.warn(
                        "HCCL doesn't support gather at the moment. Implemented with allgather instead."
                    )
                # To handle tensors of different shape on each rank, update recv shape first.
                dist.broadcast_object_list(recv_size_list, dst, group)
                if not gather_list:
                    gather_list = [
                        torch.empty(tensor_size, dtype=tensor.dtype).npu()
                        for tensor_size in recv_size_list
                    ]

                output_tensors = [gather_list]
                _group = default_pg._get_backend(torch.device("npu"))
                work = _group.allgather(output_tensors, input_tensors)
        else:
            output_tensors = [gather_list] if dst == my_rank else []
            default_pg = _get_default_group()
            work = default_pg.gather(output_tensors, input_tensors, opts)
    else:
        if tensor.device.type == "npu":
            if use_compatible_impl:
                group_dst_rank = get_group_rank(group, dst)
                opts.rootRank = group_dst_rank
                output_tensors = [gather_list] if my_rank == dst else []
                _group = group._get_backend(torch.device("npu"))
                work = _group.gather(output_tensors, input_tensors, opts)
            else:
                if my_rank == dst:
                    warnings.warn(
                        "HCCL doesn't support gather at the moment. Implemented with allgather instead."
                    )
                # To handle tensors of different shape on each rank, update recv shape first.
                dist.broadcast_object_list(recv_size_list, dst, group)
                if not gather_list:
                    gather_list = [
                        torch.empty(tensor_size, dtype=tensor.dtype).npu()
                        for tensor_size in recv_size_list
                    ]

                output_tensors = [gather_list]
                _group = group._get_backend(torch.device("npu"))
                work = _group.allgather(output_tensors, input_tensors)
        else:
            group_dst_rank = get_group_rank(group, dst)
            output_tensors = [gather_list] if dst == my_rank else []
            opts.rootRank = group_dst_rank
            work = group.gather(output_tensors, input_tensors, opts)
    if async_op:
        return work
    else:
        work.wait()
        return None


def _gather_object(obj, object_gather_list=None, dst=None, group=None, group_dst=None):
    """
    Note:
    Avoid gather_object to use gather func defined in origin distributed_c10d.
    """

    if dst is None and group_dst is None:
        dst = 0
    elif dst is not None and group_dst is not None:
        raise ValueError("Cannot specify both dst and group_dst")
    elif group_dst is not None:
        if group is None:
            group = _get_default_group()
        dst = get_global_rank(group, group_dst)

    if _rank_not_in_group(group):
        _warn_not_in_group("gather_object")
        return

    # Ensure object_gather_list is specified appropriately.
    my_rank = get_rank()
    _validate_output_list_for_rank(my_rank, dst, object_gather_list)
    current_device = _get_object_coll_device(group)
    input_tensor, local_size = _object_to_tensor(obj, current_device, group)

    # Gather all local sizes. This is so that we can find the max size, and index
    # until the correct size when deserializing the tensors.
    group_size = get_world_size(group=group)
    object_sizes_tensor = torch.zeros(
        group_size, dtype=torch.long, device=current_device
    )
    object_size_list = [
        object_sizes_tensor[i].unsqueeze(dim=0) for i in range(group_size)
    ]
    # Allgather tensor sizes. An all-gather is needed here despite this being a
    # gather, since each rank needs to broadcast a tensor of the same (maximal)
    # size.
    all_gather(object_size_list, local_size, group=group)
    max_object_size = int(max(object_size_list).item())  # type: ignore[type-var]
    # Resize tensor to max size across all ranks.
    input_tensor.resize_(max_object_size)
    # Avoid populating output tensors if the result won't be gathered on this rank.
    if my_rank == dst:
        coalesced_output_tensor = torch.empty(
            max_object_size * group_size, dtype=torch.uint8, device=current_device
        )
        # Output tensors are nonoverlapping views of coalesced_output_tensor
        output_tensors = [
            coalesced_output_tensor[max_object_size * i : max_object_size * (i + 1)]
            for i in range(group_size)
        ]
    # All ranks call gather with equal-sized tensors.
    _gather(
        input_tensor,
        gather_list=output_tensors if my_rank == dst else None,  # type: ignore[possibly-undefined]
        dst=dst,
        group=group,
    )
    if my_rank != dst:
        return
    for i, tensor in enumerate(output_tensors):
        tensor = tensor.type(torch.uint8)
        tensor_size = object_size_list[i]
        object_gather_list[i] = _tensor_to_object(tensor, tensor_size, group)


def is_hccl_available():
    return "hccl" in Backend.backend_list


def _clear_pg_cache_in_torch(group: ProcessGroup):
    if dist_c10d._world.pg_map.get(group) is not None:
        del dist_c10d._world.pg_map[group]
    if dist_c10d._world.pg_names.get(group) is not None:
        del dist_c10d._world.pg_names[group]
    if dist_c10d._world.pg_group_ranks.get(group) is not None:
        del dist_c10d._world.pg_group_ranks[group]
    if dist_c10d._world.pg_backend_config.get(group) is not None:
        del dist_c10d._world.pg_backend_config[group]
    if dist_c10d._world.pg_to_tag.get(group) is not None:
        del dist_c10d._world.pg_to_tag[group]
    tags_list = [
        key for key, value in dist_c10d._world.tags_to_pg.items() if group in value
    ]
    if len(tags_list) > 0:
        for tag in tags_list:
            del dist_c10d._world.tags_to_pg[tag]
    _unregister_process_group(group.group_name)


def reinit_process_group(group=None, rebuild_link=True):
    device_id = torch.npu.current_device()
    logger.info(
        "reinit process group, group=%s, rebuild link=%s, device=%s",
        group,
        rebuild_link,
        device_id,
    )
    if group is None:
        group = dist_c10d._world.default_pg
    if not rebuild_link:
        npu_device = torch.device("npu")
        for pg in dist_c10d._pg_map:
            if npu_device in pg._device_types:
                pg._get_backend(npu_device).resume_hccl_comm(device_id)
        logger.info("resume hccl comm end, device_id=%s", device_id)
        return None
    else:
        backend = dist_c10d.Backend(dist_c10d._world.pg_map[group][0])
        if "hccl" in backend:
            logger.info(
                "reinit hccl comm start, group=%s, device_id=%s", group, device_id
            )
            group._get_backend(torch.device("npu"))._delete_tcpstore_key()
            group._get_backend(torch.device("npu")).abort_hccl_comm("reinit")
        logger.info("reinit hccl comm end, group=%s, device_id=%s", group, device_id)
        return group


def _comm_switch_nic(ranks, useBackup):
    nRanks = len(ranks)
    npu_device = torch.device("npu")
    rankid = int(os.environ["RANK"])
    result = True
    for pg in dist_c10d._pg_map:
        if npu_device in pg._device_types:
            presult = pg._get_backend(npu_device)._set_switch_nic_comm(
                rankid, nRanks, ranks, useBackup
            )
            if not presult:
                result = False
    return result


def _reduce_scatter_tensor_uneven(
    output,
    input,
    input_split_sizes=None,
    op=dist.ReduceOp.SUM,
    group=None,
    async_op=False,
):
    if _rank_not_in_group(group):
        _warn_not_in_group("reduce_scatter_tensor_uneven")
        return None

    if output.device.type != "npu" or input.device.type != "npu":
        warnings.warn("Support for Tensors is limited to those of type npu")
        return None

    if group is None or group is GroupMember.WORLD:
        group = _get_default_group()
    group = group._get_backend(torch.device("npu"))

    opts = ReduceScatterOptions()
    opts.reduceOp = op
    input_split_sizes = [] if input_split_sizes is None else input_split_sizes

    work = group.reduce_scatter_tensor_uneven(output, input, input_split_sizes, opts)

    if async_op:
        return work
    else:
        work.wait()
        return None


def _all_gather_into_tensor_uneven(
    output, input, output_split_sizes=None, group=None, async_op=False
):
    if _rank_not_in_group(group):
        _warn_not_in_group("all_gather_into_tensor_uneven")
        return None

    if output.device.type != "npu" or input.device.type != "npu":
        warnings.warn("Support for Tensors is limited to those of type npu")
        return None

    if group is None or group is GroupMember.WORLD:
        group = _get_default_group()
    group = group._get_backend(torch.device("npu"))

    output_split_sizes = [] if output_split_sizes is None else output_split_sizes

    work = group.all_gather_into_tensor_uneven(output, input, output_split_sizes)

    if async_op:
        return work
    else:
        work.wait()
        return None


def _all_to_all_vc(
    output,
    input,
    send_count_matrix,
    group=None,
    async_op=False,
):
    """
    Variable-count all-to-all driven by a global [rankSize][rankSize] sendCountMatrix
    (row-major, sendCountMatrix[i][j] = number of elements rank i sends to rank j).

    Wraps HCCL ``HcclAlltoAllVC``: every rank passes the SAME full matrix; sendBuf/recvBuf
    data is laid out contiguously per target/source rank (no displs).

    Args:
        output (Tensor): receive buffer (1-D or N-D, NPU). Laid out contiguously per
            source rank; total numel must equal the sum of this rank's receiving
            column. Must not share the same memory address as ``input`` (in-place
            not supported by HCCL).
        input (Tensor): send buffer (1-D or N-D, NPU). Laid out contiguously per
            target rank; total numel must equal the sum of this rank's sending row.
        send_count_matrix (list[list[int]]): 2-D [rankSize][rankSize] matrix;
            send_count_matrix[i][j] = number of elements rank i sends to rank j.
            Every rank passes the SAME full matrix.
        group (ProcessGroup, optional): the process group to work on.
        async_op (bool, optional): whether this op should be async.

    Returns:
        Async work handle if async_op=True, else None.
    """
    if _rank_not_in_group(group):
        _warn_not_in_group("all_to_all_vc")
        return None

    if output.device.type != "npu" or input.device.type != "npu":
        warnings.warn("Support for Tensors is limited to those of type npu")
        return None

    if group is None or group is GroupMember.WORLD:
        group = _get_default_group()

    world_size = get_world_size(group)
    if len(send_count_matrix) != world_size:
        raise ValueError(
            f"send_count_matrix must have {world_size} rows (group size), "
            f"got {len(send_count_matrix)}"
        )
    for row in send_count_matrix:
        if len(row) != world_size:
            raise ValueError(
                f"send_count_matrix must be a square [{world_size}][{world_size}] matrix; "
                f"got a row of length {len(row)}"
            )

    flat_matrix = []
    for row in send_count_matrix:
        flat_matrix.extend(int(v) for v in row)

    group = group._get_backend(torch.device("npu"))

    work = group.alltoallvc(output, input, flat_matrix)

    if async_op:
        return work
    else:
        work.wait()
        return None


def _trigger__get_addr_and_port_decorator(func):
    @wraps(func)
    def wrapper(*args, **kwargs):
        # Only supports obtaining the master_addr and master_port through the endpoint when the backend is static.
        if (
            len(args) > 0
            and isinstance(args[0], RendezvousParameters)
            and args[0].backend == "parallel"
        ):
            args[0].backend = "static"
            master_addr, master_port = func(*args, **kwargs)
            args[0].backend = "parallel"
            return master_addr, master_port
        else:
            return func(*args, **kwargs)

    return wrapper


def _trigger_rendezvous_decorator(func):
    @wraps(func)
    def wrapper(*args, **kwargs):
        use_parallel = os.getenv("TORCH_NPU_USE_PARALLEL_TCPSTORE", "False")
        if use_parallel == "True":
            if len(args) > 0 and args[0] == "env://":
                master_addr = os.getenv("MASTER_ADDR", "127.0.0.1")
                master_port = os.getenv("MASTER_PORT", "29500")
                args = (f"parallel://{master_addr}:{master_port}",) + args[1:]
                logger.info(
                    "torch_npu_run change the rendezvous url from env:// to %s", args[0]
                )
        return func(*args, **kwargs)

    return wrapper


def _destructor_process_group():
    world = dist_c10d._world
    for pg_to_shutdown in sorted(
        world.pg_names, key=lambda x: world.pg_names[x], reverse=True
    ):
        try:
            pg_to_shutdown.shutdown()
        except Exception:
            logger.warning(
                "Failed to shutdown process group during NPU exit.", exc_info=True
            )

    _update_default_pg(None)
    world.pg_map.clear()
    world.pg_names.clear()
    world.pg_group_ranks.clear()
    world.pg_backend_config.clear()
    world.pg_to_tag.clear()
    world.tags_to_pg.clear()
    world.pg_coalesce_state.clear()
    _unregister_all_process_groups()
    world.group_count = 0
