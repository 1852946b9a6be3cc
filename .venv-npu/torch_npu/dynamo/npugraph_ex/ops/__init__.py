from . import _record_wait
