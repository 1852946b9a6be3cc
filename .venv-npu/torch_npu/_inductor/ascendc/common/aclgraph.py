from torch_npu._inductor._aclgraph_update_plan import (
    append_inductor_aclgraph_update_plan_for_codegen_node,
)
from torch_npu._inductor._aclgraph_update_plan.codegen import (
    build_aclgraph_update_plan_entry_for_inductor,
    should_generate_inductor_aclgraph_update_plan,
)


# Collect torch_npu ACLGraph update entries in scheduler emission order.
class AclgraphUpdatePlanCollector:
    # Methods are supplied by the CppWrapperCpu class that follows this mixin.
    # Pylint cannot resolve that dynamic MRO statically.
    # pylint: disable=no-member
    def generate_fallback_kernel(self, node) -> None:
        append_inductor_aclgraph_update_plan_for_codegen_node(self, node)
        super().generate_fallback_kernel(node)

    def generate_extern_kernel_alloc(self, node) -> None:
        append_inductor_aclgraph_update_plan_for_codegen_node(self, node)
        super().generate_extern_kernel_alloc(node)

    def generate_extern_kernel_multi_out(self, node) -> None:
        append_inductor_aclgraph_update_plan_for_codegen_node(self, node)
        super().generate_extern_kernel_multi_out(node)

    def generate_fallback_kernel_with_runtime_lookup(
        self, buf_name, python_kernel_name, get_args, op_overload, raw_args, outputs
    ) -> None:
        # Collect plans for fallback ops that use CppWrapper's runtime lookup.
        if should_generate_inductor_aclgraph_update_plan():
            entry = build_aclgraph_update_plan_entry_for_inductor(
                op_overload, raw_args, {}, self.get_graph_input_names(), self.get_graph_inputs()
            )
            if entry is not None:
                plan = getattr(self, "torch_npu_aclgraph_update_plan", None)
                if plan is None:
                    plan = self.torch_npu_aclgraph_update_plan = []  # pylint: disable=attribute-defined-outside-init
                plan.append(entry)
        super().generate_fallback_kernel_with_runtime_lookup(
            buf_name, python_kernel_name, get_args, op_overload, raw_args, outputs
        )

    # pylint: enable=no-member
