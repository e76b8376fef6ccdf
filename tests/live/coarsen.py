# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a coarser copy of a GGUF model, with the quantisers of the library that serves it.

Weights become Q3_K where their rows allow it (whole blocks of 256), else Q4_0; norms stay as they are.
What is read is quantised already, so the copy is a little worse than one made of the full weights.
"""
import ctypes
import os
import pathlib
import struct

import xllamacpp

LIBRARY = ctypes.CDLL(xllamacpp.xllamacpp.__file__)
for function in ("ggml_row_size", "ggml_quantize_chunk"):
    getattr(LIBRARY, function).restype = ctypes.c_size_t

F32, Q4_0, Q3_K = 0, 2, 11  # ggml_type
DEQUANTIZERS = {2: "q4_0", 3: "q4_1", 6: "q5_0", 7: "q5_1", 8: "q8_0", 12: "q4_K", 13: "q5_K", 14: "q6_K"}
MOSTLY_Q3_K_S = 11  # llama_ftype
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
TEXT, ARRAY = 8, 9
ALIGNMENT = 32  # of a file that states none
ROWS_AT_ONCE = 8192


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values[0] if len(values) == 1 else values

    def text(self):
        size = self.take("Q")
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def skip_value(self, kind):
        if kind == TEXT:
            self.text()
        elif kind == ARRAY:
            element, count = self.take("IQ")
            for _ in range(count):
                self.skip_value(element)
        else:
            self.take(SCALARS[kind])


class Tensor:
    def __init__(self, reader):
        self.name = reader.text()
        self.shape = [reader.take("Q") for _ in range(reader.take("I"))]
        self.kind, self.offset = reader.take("IQ")
        self.row = self.shape[0]
        self.rows = 1
        for extent in self.shape[1:]:
            self.rows *= extent

    def coarse_kind(self):
        if self.kind == F32:
            return F32
        return Q3_K if self.row % 256 == 0 else Q4_0


def row_size(kind, row):
    return LIBRARY.ggml_row_size(ctypes.c_int(kind), ctypes.c_int64(row))


def padded(size):
    return -size % ALIGNMENT


def coarse_rows(tensor, data):
    """The tensor's bytes in its coarser kind, some thousand rows at a time."""
    kind = tensor.coarse_kind()
    if kind == tensor.kind:
        yield data
        return
    widen = getattr(LIBRARY, "dequantize_row_" + DEQUANTIZERS[tensor.kind])
    size = row_size(tensor.kind, tensor.row)
    for first in range(0, tensor.rows, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, tensor.rows - first)
        wide = (ctypes.c_float * (rows * tensor.row))()
        coarse = ctypes.create_string_buffer(rows * row_size(kind, tensor.row))
        widen(data[first * size : (first + rows) * size], wide, ctypes.c_int64(rows * tensor.row))
        LIBRARY.ggml_quantize_chunk(ctypes.c_int(kind), wide, coarse, ctypes.c_int64(0), ctypes.c_int64(rows),
                                    ctypes.c_int64(tensor.row), None)
        yield coarse.raw


def header_of(reader):
    """The file's head as it was, but for the kind of quantisation that it names."""
    magic, version, tensors, values = reader.take("4sIQQ")
    if magic != b"GGUF" or version != 3:
        raise ValueError("not a GGUF file of version 3")
    file_kind = None
    for _ in range(values):
        key = reader.text()
        kind = reader.take("I")
        if key == b"general.alignment":
            raise ValueError("the file has an alignment of its own")
        if key == b"general.file_type":
            file_kind = reader.at
        reader.skip_value(kind)
    head = bytearray(reader.data[: reader.at])
    if file_kind:
        struct.pack_into("<I", head, file_kind, MOSTLY_Q3_K_S)
    return bytes(head), tensors


def coarsen(source, target):
    """Writes the copy of `source` that is served as another model; returns `target`."""
    data = pathlib.Path(source).read_bytes()
    reader = Reader(data)
    head, count = header_of(reader)
    tensors = [Tensor(reader) for _ in range(count)]
    begin = reader.at + padded(reader.at)
    unfinished = pathlib.Path(str(target) + ".part")
    with open(unfinished, "wb") as out:
        out.write(head)
        offset = 0
        for tensor in tensors:
            kind = tensor.coarse_kind()
            out.write(struct.pack("<Q", len(tensor.name)) + tensor.name)
            out.write(struct.pack(f"<I{len(tensor.shape)}QIQ", len(tensor.shape), *tensor.shape, kind, offset))
            size = tensor.rows * row_size(kind, tensor.row)
            offset += size + padded(size)
        out.write(bytes(padded(out.tell())))
        for tensor in tensors:
            size = tensor.rows * row_size(tensor.kind, tensor.row)
            for rows in coarse_rows(tensor, data[begin + tensor.offset : begin + tensor.offset + size]):
                out.write(rows)
            out.write(bytes(padded(tensor.rows * row_size(tensor.coarse_kind(), tensor.row))))
    os.replace(unfinished, target)
    return target
