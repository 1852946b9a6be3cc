"""Baichuan2's SentencePiece tokenizer for transformers 5: AutoTokenizer, trust_remote_code=True."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from sentencepiece import SentencePieceProcessor
from transformers import AddedToken, PreTrainedTokenizer

from .pieces import special_pieces


class BaichuanTokenizer(PreTrainedTokenizer):
    """SentencePiece pieces as ids; it adds no bos or eos unless its options say so.

    A special or added token in a text is one id wherever it stands, as in the transformers that Baichuan2 was
    published with: later ones heed the single_word of some copies' tokenizer_config.json, and read </s> beside a word
    as text.
    """

    vocab_files_names = {"vocab_file": "tokenizer.model"}  # noqa: RUF012 (transformers reads a plain dict)
    model_input_names = ["input_ids", "attention_mask"]  # noqa: RUF012

    def __init__(
        self,
        vocab_file: str,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token=None,
        add_bos_token: bool = False,
        add_eos_token: bool = False,
        **kwargs,
    ):
        self.vocab_file = vocab_file
        self.add_bos_token = add_bos_token
        self.add_eos_token = add_eos_token
        self.processor = SentencePieceProcessor(model_file=str(vocab_file))
        kwargs.pop("sp_model_kwargs", None)
        pieces = {index: piece for piece, index in special_pieces(self.processor).items()}
        added = kwargs.get("added_tokens_decoder", {}) | pieces
        kwargs["added_tokens_decoder"] = {index: _special(token) for index, token in added.items()}
        super().__init__(
            unk_token=_special(unk_token),
            bos_token=_special(bos_token),
            eos_token=_special(eos_token),
            pad_token=_special(pad_token if pad_token is not None else unk_token),
            add_bos_token=add_bos_token,
            add_eos_token=add_eos_token,
            padding_side=kwargs.pop("padding_side", "left"),
            **kwargs,
        )

    @property
    def vocab_size(self) -> int:
        return self.processor.get_piece_size()

    def get_vocab(self) -> dict[str, int]:
        pieces = {self.processor.id_to_piece(index): index for index in range(self.vocab_size)}
        return pieces | self.added_tokens_encoder

    def _tokenize(self, text: str, **kwargs) -> list[str]:
        return self.processor.encode(text, out_type=str)

    def _convert_token_to_id(self, token: str) -> int:
        return self.processor.piece_to_id(token)

    def _convert_id_to_token(self, index: int) -> str:
        return self.processor.id_to_piece(index)

    def convert_tokens_to_string(self, tokens: list[str]) -> str:
        """Pieces to text; special tokens, which SentencePiece would drop, stay as they are written."""
        text = ""
        pending: list[str] = []
        for token in tokens:
            if token in self.all_special_tokens:
                text += self.processor.decode(pending) + token
                pending = []
            else:
                pending.append(token)
        return text + self.processor.decode(pending)

    def build_inputs_with_special_tokens(self, token_ids_0, token_ids_1=None) -> list[int]:
        bos = [self.bos_token_id] if self.add_bos_token else []
        eos = [self.eos_token_id] if self.add_eos_token else []
        first = bos + list(token_ids_0) + eos
        return first if token_ids_1 is None else first + bos + list(token_ids_1) + eos

    def save_vocabulary(self, save_directory: str, filename_prefix: str | None = None) -> tuple[str]:
        name = f"{filename_prefix}-tokenizer.model" if filename_prefix else "tokenizer.model"
        target = Path(save_directory) / name
        if Path(self.vocab_file).resolve() != target.resolve():
            copyfile(self.vocab_file, target)
        return (str(target),)


def _special(token) -> AddedToken:
    return AddedToken(str(token), normalized=False, special=True)
