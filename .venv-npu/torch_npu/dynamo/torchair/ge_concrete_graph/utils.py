from torchair.core.utils import logger
from torchair._ge_concrete_graph.utils import dtype_promote


logger.warning_once(
    'The usage of torchair.ge_concrete_graph .* will not be supported in the future,'
    ' please complete the API switch as soon as possible.'
)
