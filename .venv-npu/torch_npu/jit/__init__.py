from .register_fusion_pattern import optimize


__all__ = ["optimize"]
