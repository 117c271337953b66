"""Reads and writes files with the reference implementation of safetensors, in words of JSON.

read FILE...    prints for each file its metadata, and of each tensor name, type, shape and bytes
write           writes the files that standard input describes in the same form, and says nothing
"""

import base64
import json
import sys

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file


def read(path):
    with safe_open(path, framework="numpy") as file:
        tensors = []
        for name in file.keys():
            tensor = file.get_tensor(name)
            data = base64.b64encode(tensor.tobytes()).decode()
            tensors.append({"name": name, "dtype": str(tensor.dtype), "shape": tensor.shape, "data": data})
        return {"metadata": file.metadata(), "tensors": tensors}


def write(path, content):
    tensors = {}
    for tensor in content["tensors"]:
        values = numpy.frombuffer(base64.b64decode(tensor["data"]), dtype=tensor["dtype"])
        tensors[tensor["name"]] = values.reshape(tensor["shape"])
    save_file(tensors, path, metadata=content["metadata"])


if sys.argv[1] == "read":
    json.dump({path: read(path) for path in sys.argv[2:]}, sys.stdout)
else:
    for path, content in json.load(sys.stdin).items():
        write(path, content)
