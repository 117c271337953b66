import process from "node:process";
import test from "ava";
import { findPython, reasonToSkip } from "./find_python.ts";
import { listSetups } from "./setups.ts";

const setups = listSetups(2);
const reasons = (python: Parameters<typeof reasonToSkip>[1]) =>
  Object.fromEntries(
    setups.map((setup): [string, string | undefined] => [`${setup.peer}, ${setup.name}`, reasonToSkip(setup, python)]),
  );

test("a Python that does not run is a reason, with the command in it", async (t) => {
  const python = await findPython({ CONVOY_PEERS_PYTHON: "/nowhere/python" });
  t.deepEqual(python, { missing: "/nowhere/python does not run: spawn /nowhere/python ENOENT" });
});

test("a program that is no Python is a reason too", async (t) => {
  const python = await findPython({ CONVOY_PEERS_PYTHON: process.execPath });
  t.true("missing" in python);
});

test("without a Python only what runs in Node is left", (t) => {
  for (const [name, reason] of Object.entries(reasons({ missing: "none" }))) {
    t.is(reason, /^(Convoy|tfjs)/.test(name) ? undefined : "none", name);
  }
});

test("a framework that is not installed is skipped, and the reason says how to install it", (t) => {
  const found = reasons({ command: "py", modules: ["torch", "jax"], compiler: true });
  t.is(
    found["TensorFlow, graph, 1 thread, memory kept"],
    "tensorflow is not installed; py -m pip install tensorflow-cpu",
  );
  t.is(found["JAX, jit, 1 thread, memory kept"], undefined);
});

test("torch.compile needs a C++ compiler, the rest of PyTorch does not", (t) => {
  const found = reasons({ command: "py", modules: ["torch", "tensorflow", "jax"], compiler: false });
  const skipped = Object.entries(found).filter(([, reason]) => reason !== undefined);
  t.deepEqual(skipped, [["PyTorch, compiled, channels last, 2 threads, memory kept", "there is no C++ compiler"]]);
});
