__all__ = []

from torchair.configs._option_base import OptionValue, MustExistedPathValue
from torchair.configs._option_base import NpuBaseConfig


class _AclGraphConfig:
    """
    Config for AclGraph option
    """

    def __init__(self) -> None:
        self.use_custom_pool = None

        super(_AclGraphConfig, self).__init__()  # pylint: disable=super-with-arguments
