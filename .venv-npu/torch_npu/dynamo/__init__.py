import os
import sys
import time
import warnings

from torch_npu._init.common.warning_utils import _should_print_warning
from torch_npu.utils._error_code import ErrCode, pta_error

_global_npu_backend = {}
__all__ = []
_global_backend_name = None

NPUGRAPH_EX_BACKEND = "npugraph_ex"


class _ImportError(Exception):
    def __init__(self, pkg_name):
        super().__init__(self)
        self.err_info = (
            "\nAn error occurred when import `" + pkg_name + "` and the above is the specific error message. \n"
            "This error message was generated when import " + pkg_name + ", but thrown asynchronously here. \n"
            "Please check the error message above. \n") + pta_error(ErrCode.INTERNAL)

    def __str__(self):
        return self.err_info


class _LazyException:
    def __init__(self, e, pkg_name):
        info = str(_ImportError(pkg_name))
        self._e = e

        if e.args:
            e.args = (f"{e.args[0]}{info}", *e.args[1:])
        else:
            e.args = (info,)

    def __getattr__(self, name):
        raise self._e

    def __call__(self, *args, **kwargs):
        raise self._e


def _eager_npu_backend(gm, *args, **kwargs):
    return gm


def _get_global_npu_backend(name, config=None):
    global _global_npu_backend
    if name != NPUGRAPH_EX_BACKEND and name in _global_npu_backend.keys():
        return _global_npu_backend[name]
    if 'torchair' not in sys.modules:
        raise AssertionError("Could not find module torchair. "
                             "Please check if torchair is removed from sys.modules." + pta_error(ErrCode.NOT_FOUND))
    import torchair
    _global_npu_backend[name] = torchair.get_npu_backend(compiler_config=config)
    return _global_npu_backend[name]


class _LazyBackend:
    def __init__(self):
        self._exception = None
        self._allowed_list = ["__spec__", "__path__"]

    def _pta_error_code(self):
        # Use static error code here because pta_error will lazy init the torch_npu's submodule,
        # which will cause error in `for loop` of sys.modules, code like:
        # - for m in sys.modules.values():
        # -     getattr(m, name, None)
        error_msg = "\n[ERROR] {time} (PID:{pid}, Device:-1, RankID:-1) ERR00005 PTA internal error"
        return error_msg.format(
            time=time.strftime("%Y-%m-%d-%H:%M:%S", time.localtime()),
            pid=os.getpid())


def _bind_lazy_submodules(proxy, package, pkg_name):
    """Bind loaded child modules to both a lazy proxy and its real package."""
    package_name = getattr(package, "__name__", "")
    prefixes = [f"{pkg_name}."]
    if package_name and package_name != pkg_name:
        prefixes.append(f"{package_name}.")

    for module_name, module in list(sys.modules.items()):
        if module is None:
            continue
        for prefix in prefixes:
            if module_name.startswith(prefix):
                child_name = module_name[len(prefix):]
                if "." not in child_name:
                    setattr(proxy, child_name, module)
                    setattr(package, child_name, module)
                break


class _LazyTorchair(_LazyBackend):
    def __init__(self, pkg_name):
        self._torchair = None
        self._pkg_name = pkg_name
        super().__init__()

    def __getattr__(self, name):
        if self._exception is not None:
            return self._exception()

        if self._torchair is not None:
            try:
                return getattr(self._torchair, name)
            except AttributeError:
                _bind_lazy_submodules(self, self._torchair, self._pkg_name)
                return getattr(self._torchair, name)

        if name not in self._allowed_list:
            raise AttributeError(f"Try to get {self._pkg_name}'s attr `{name}` before {self._pkg_name} is initialized."
                                 + self._pta_error_code())

        try:
            from . import torchair
        except Exception as e:
            # In cpython, default import loader will suppress error when
            # find module's __spec__. So here we need to record error and
            # replay it later (when this func is invoked again).
            self._exception = _LazyException(e, self._pkg_name)
            raise

        self._torchair = torchair
        _bind_lazy_submodules(self, torchair, self._pkg_name)
        return getattr(torchair, name)




def _install_lazy_torchair():
    torchair_path = os.path.join(os.path.dirname(__file__), "torchair")
    if not os.path.exists(torchair_path):
        return False
    if "torchair" not in sys.modules:
        sys.modules["torchair"] = _LazyTorchair("torchair")
    return True


class _LazyNpuGraphEx(_LazyBackend):
    def __init__(self, pkg_name):
        self._npugraph_ex = None
        self._pkg_name = pkg_name
        super().__init__()

    def __getattr__(self, name):
        if self._exception is not None:
            return self._exception()

        if self._npugraph_ex is not None:
            try:
                return getattr(self._npugraph_ex, name)
            except AttributeError:
                _bind_lazy_submodules(self, self._npugraph_ex, self._pkg_name)
                return getattr(self._npugraph_ex, name)

        if name not in self._allowed_list:
            raise AttributeError(f"Try to get {self._pkg_name}'s attr `{name}` before {self._pkg_name} is initialized."
                                 + self._pta_error_code())

        try:
            from . import npugraph_ex
        except Exception as e:
            self._exception = _LazyException(e, self._pkg_name)
            raise

        self._npugraph_ex = npugraph_ex
        _bind_lazy_submodules(self, npugraph_ex, self._pkg_name)
        return getattr(npugraph_ex, name)


def _lazy_exec(*args, **kwargs):
    global _global_backend_name
    return _get_global_npu_backend(_global_backend_name)(*args, **kwargs)


def _get_default_backend(name):
    if not _install_lazy_torchair():
        if _should_print_warning():
            warnings.warn(
                "Register eager implementation for the 'npu' backend of dynamo, "
                "as torch_npu was not compiled with torchair.")
        return _eager_npu_backend

    global _global_backend_name
    _global_backend_name = name
    return _lazy_exec


def _exec(*args, **kwargs):
    import npugraph_ex
    config = npugraph_ex.CompilerConfig()
    config.mode = NPUGRAPH_EX_BACKEND
    return npugraph_ex.get_npu_backend(compiler_config=config)(*args, **kwargs)


def _get_npugraph_ex_backend():
    sys.modules[NPUGRAPH_EX_BACKEND] = _LazyNpuGraphEx(NPUGRAPH_EX_BACKEND)
    return _exec


def _register_npu_backend(backend, name="npu"):
    from torch._dynamo import register_backend as _register_backend
    from torch._dynamo.backends.registry import _BACKENDS, _COMPILER_FNS

    registered_backend = _COMPILER_FNS.get(name)
    if (
        registered_backend is not None
        and getattr(registered_backend, "__module__", None) == __name__
    ):
        return

    # When a setuptools entry point is currently loading torch_npu, Dynamo has
    # already put the EntryPoint object in _BACKENDS but has not registered the
    # loaded callable yet.  Leave that registration to lookup_backend(); doing
    # it here as well makes lookup_backend register the same name twice.
    pending_backend = _BACKENDS.get(name)
    if (
        name not in _COMPILER_FNS
        and getattr(pending_backend, "module", None) == __name__
    ):
        return

    if name in _BACKENDS.keys():
        del _BACKENDS[name]
    _register_backend(backend, name)


def _register_backends():
    global_backend = _get_default_backend(name="npu")
    npugraph_ex_backend = _get_npugraph_ex_backend()

    # torch PR #192345: attach the _dynamo_backend_init hook (torch >= 2.15
    # only); version-isolated in the compat layer.
    from torch_npu._compat.dynamo import compat_attach_dynamo_backend_init
    compat_attach_dynamo_backend_init(global_backend)

    _register_npu_backend(global_backend)
    _register_npu_backend(npugraph_ex_backend, NPUGRAPH_EX_BACKEND)


def _npu_backend_entrypoint(gm, example_inputs, **kwargs):
    """Set up the NPU Dynamo backend when an entry point is selected."""
    from torch_npu.utils._dynamo import _lazy_dynamo_setup

    _lazy_dynamo_setup()
    return _get_default_backend("npu")(gm, example_inputs, **kwargs)


def _npugraph_ex_backend_entrypoint(gm, example_inputs, **kwargs):
    """Set up the NPUGraph-EX backend when an entry point is selected."""
    from torch_npu.utils._dynamo import _lazy_dynamo_setup

    _lazy_dynamo_setup()
    return _exec(gm, example_inputs, **kwargs)


class _NpugraphsBackendEntryPoint:
    """Keep the lazy entry point and its reset protocol in one callable."""

    compiler_name = "npugraphs"

    def __call__(self, gm, example_inputs, **kwargs):
        from torch_npu.utils._dynamo import _lazy_dynamo_setup, _lazy_inductor_setup

        _lazy_dynamo_setup()
        _lazy_inductor_setup()
        from torch_npu.utils._graph_tree import NpugraphsBackend

        return NpugraphsBackend()(gm, example_inputs)

    @staticmethod
    def reset():
        graph_tree = sys.modules.get("torch_npu.npu._graph_tree")
        if graph_tree is not None:
            graph_tree.reset_npugraph_trees()


_npugraphs_backend_entrypoint = _NpugraphsBackendEntryPoint()
