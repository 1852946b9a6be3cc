from .types import *
from .types_base import *
from .signatures import *  # isort:skip
