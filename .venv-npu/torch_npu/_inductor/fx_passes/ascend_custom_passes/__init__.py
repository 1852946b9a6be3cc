import pkgutil
import importlib
from ..utils.check_mode import is_inference_check
from .register_custom_pass import ASCEND_CUSTOME_PASS_REGISTER
from ..utils.fx_pass_level import FxPassLevel, PassType
from ...config import log
from torch._inductor.pattern_matcher import stable_topological_sort

for _, module_name, _ in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module_name}")


def run_register_pre_custom_passes(gm):
    log.debug("before pre_grad graph optimizer pass, graph is: %s", gm)
    if is_inference_check():
        for level in sorted(FxPassLevel):
            for fn in ASCEND_CUSTOME_PASS_REGISTER[PassType.PRE][level]:
                fn(gm)

    for level in sorted(FxPassLevel):
        for fn in ASCEND_CUSTOME_PASS_REGISTER[PassType.PRE][level]:
            if fn.__name__ == "fusion_attention_v3_pass":
                fn(gm)

    log.debug("after pre_grad graph optimizer pass, graph is: %s", gm)


def run_register_post_custom_passes(gm):
    log.debug("before post_grad graph optimizer pass, graph is: %s", gm)
    inference = is_inference_check()
    if inference:
        stable_topological_sort(gm)
    for level in sorted(FxPassLevel):
        for fn in ASCEND_CUSTOME_PASS_REGISTER[PassType.POST][level]:
            # a pass marked ignore_inference_check also runs on training graphs.
            if inference or getattr(fn, "ignore_inference_check", False):
                fn(gm)

    log.debug("after post_grad graph optimizer pass, graph is: %s", gm)
