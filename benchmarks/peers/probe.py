"""Says which modules this Python has, and whether there is a compiler, without importing any of them."""

import json
import os
import shutil
from importlib.util import find_spec

compilers = [os.environ.get("CXX"), "g++", "clang++", "c++"]
print(
    json.dumps(
        {
            "modules": [name for name in ("torch", "tensorflow", "jax", "numpy", "safetensors") if find_spec(name)],
            "compiler": any(name and shutil.which(name) for name in compilers),
        }
    )
)
