"""Frames become Parquet files, with days as days and what they know of themselves in the schema."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from tariffs.export.meta import facts, flat, label_of

if TYPE_CHECKING:
    import pandas as pd

KEY = b"tariffs"  # of the metadata in the schema


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a Parquet file.

    Days are ``date32``: a time of day would let a reader's time zone move them. The schema's metadata has under ``tariffs`` what
    the frame knows of itself, as JSON, and each field its label under ``label``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = flat(frame)
    table: Any = pa.Table.from_pandas(plain, preserve_index=False)
    fields = []
    for field in table.schema:
        kind = pa.date32() if pa.types.is_timestamp(field.type) else field.type
        kind = pa.string() if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind) else kind
        fields.append(pa.field(field.name, kind, metadata={b"label": label_of(field.name, frame).encode()}))
    known = {KEY: json.dumps(facts(frame), ensure_ascii=False).encode()}
    buffer = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields, metadata=known)), buffer)
    return buffer.getvalue()
