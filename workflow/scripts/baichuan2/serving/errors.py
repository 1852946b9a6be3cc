"""Errors as OpenAI's API has them. Torch-free."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A request that gets no answer: the HTTP status, and the fields of the error that it gets instead."""

    def __init__(self, status: int, message: str, param: str | None = None, code: str | None = None):
        super().__init__(message)
        self.status, self.param, self.code = status, param, code

    def body(self) -> dict[str, Any]:
        kind = "server_error" if self.status >= 500 else KINDS.get(self.status, "invalid_request_error")
        return {"error": {"message": str(self), "type": kind, "param": self.param, "code": self.code}}


KINDS = {401: "authentication_error", 429: "rate_limit_error"}
