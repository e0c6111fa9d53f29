"""JSON objects as they come: nobody has looked yet at what their values are."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]
