"""Which pieces of tokenizer.model are special tokens: for the engine and for transformers' tokenizer alike."""

from __future__ import annotations

from sentencepiece import SentencePieceProcessor


def special_pieces(processor: SentencePieceProcessor) -> dict[str, int]:
    """{piece: id} of what SentencePiece never finds in a text, and the published tokenizer does: <unk>, <s>, </s>."""
    ids = (processor.unk_id(), processor.bos_id(), processor.eos_id(), processor.pad_id())
    return {processor.id_to_piece(index): index for index in ids if index >= 0}
