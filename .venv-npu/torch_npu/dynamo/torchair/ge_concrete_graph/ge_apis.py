from torchair.core.utils import logger
from torchair._ge_concrete_graph.ge_apis import *  # pylint: disable=wildcard-import,unused-wildcard-import

logger.warning_once(
    'The usage of torchair.ge_concrete_graph .* will not be supported in the future,'
    ' please complete the API switch as soon as possible.'
)
