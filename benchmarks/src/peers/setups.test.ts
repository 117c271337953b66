import { existsSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { scriptsFolder } from "./find_python.ts";
import { commandOf, environmentOf } from "./peer_process.ts";
import { listSetups } from "./setups.ts";

const named = (peer: string, cores = 2) => listSetups(cores).filter((setup) => setup.peer === peer);

test("every peer is tried in the ways that make it fast", (t) => {
  const names = Object.fromEntries(
    ["Convoy", "PyTorch", "TensorFlow", "JAX"].map((peer) => [peer, named(peer).map(({ name }) => name)]),
  );
  t.deepEqual(names, {
    Convoy: ["narrow, 1 worker", "narrow, 2 workers", "wide, 1 worker", "wide, 2 workers"],
    PyTorch: [
      "eager, 1 thread, memory kept",
      "eager, channels last, 1 thread, memory kept",
      "eager, 2 threads, memory kept",
      "eager, channels last, 2 threads, memory kept",
      "compiled, channels last, 2 threads, memory kept",
      "eager, channels last, 2 threads",
      "eager, 1 thread in each of 2 processes, memory kept",
    ],
    TensorFlow: ["graph, 1 thread, memory kept", "graph, 2 threads, memory kept", "graph, XLA, 2 threads, memory kept"],
    JAX: ["jit, 1 thread, memory kept", "jit, 2 threads, memory kept"],
  });
  t.is(named("tfjs wasm").length, 1);
  t.is(named("tfjs cpu").length, 1);
});

test("no name is there twice, on any machine, and every script exists", (t) => {
  for (const cores of [1, 2, 8]) {
    const setups = listSetups(cores);
    t.is(new Set(setups.map(({ peer, name }) => `${peer} ${name}`)).size, setups.length);
    for (const { launch } of setups) {
      const folder = launch.program === "node" ? import.meta.dirname : scriptsFolder;
      t.true(existsSync(path.join(folder, launch.script)), launch.script);
    }
  }
});

test("one core has no second thread and no second process", (t) => {
  for (const { name, launch, settings } of listSetups(1)) {
    t.notRegex(name, /[2-9]/);
    t.is(launch.processes, 1);
    t.true((settings["threads"] ?? 1) === 1 && (settings["workers"] ?? 1) === 1);
  }
});

test("only the wide kernels get V8's flag", (t) => {
  for (const { name, launch } of named("Convoy")) {
    const [, args] = commandOf(launch, "");
    t.is(args.includes("--experimental-wasm-revectorize"), name.startsWith("wide"), name);
  }
});

test("data-parallel PyTorch is started by torchrun, the others directly", (t) => {
  const [eager] = named("PyTorch");
  const parallel = named("PyTorch").find(({ launch }) => launch.processes === 2)!;
  t.deepEqual(commandOf(eager.launch, "py"), ["py", [path.join(scriptsFolder, "peer_pytorch.py")]]);
  const [command, args] = commandOf(parallel.launch, "py");
  t.is(command, "py");
  t.deepEqual(args.slice(0, -1), ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]);
});

test("a peer takes the processor for what it is, and keeps its memory where that is the set-up", (t) => {
  const ours = { PATH: "/bin", OPENBLAS_CORETYPE: "Haswell", OPENBLAS_L2_SIZE: "512", OMP_NUM_THREADS: "9" };
  const kept = named("PyTorch").find(({ name }) => name === "eager, 1 thread, memory kept")!;
  const plain = named("PyTorch").find(({ name }) => name === "eager, channels last, 2 threads")!;
  t.deepEqual(environmentOf(plain.launch, ours), { PATH: "/bin", OMP_NUM_THREADS: "2", TF_CPP_MIN_LOG_LEVEL: "3" });
  const environment = environmentOf(kept.launch, ours);
  t.is(environment["MALLOC_MMAP_MAX_"], "0");
  t.is(environment["MALLOC_TRIM_THRESHOLD_"], "2147483647");
});
