"""The network, and the files that let transformers' AutoModel and AutoTokenizer load it.

The files beside this one are copied into every model directory that the workflow makes, so they import
only torch, transformers, sentencepiece and each other.
"""
