import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";
import { conv2d, type Conv2dOptions } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import type { ImageShape } from "../../network/layers/shape.ts";
import type { Layer } from "../../network/layers/layers.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { seedCnn } from "../../model/networks/seed_cnn.ts";
import { Sequential } from "../../model/sequential.ts";
import { createReplica } from "../step/create_replica.ts";

const execute = promisify(execFile);

/** A first layer of one channel, and others behind it. */
function behindFirst(inputShape: ImageShape, first: Conv2dOptions, ...pools: readonly Layer[]): Sequential {
  return new Sequential({
    inputShape,
    layers: [
      conv2d({ ...first, activation: "relu" }),
      ...pools,
      conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      conv2d({ filters: 24, kernelSize: [2, 3] }),
      flatten(),
      dense({ units: 16 }),
    ],
  });
}

/**
 * Channels fill whole pairs of vectors, so that V8 can fuse every multiply-add with its neighbor, and outputs whole tiles,
 * so that it finds none of them useless.
 */
const networks: Readonly<Record<string, Sequential>> = {
  "the seed network, with 16 classes": seedCnn({ classes: 16 }),
  "convolutions without pools, long and strided ones": new Sequential({
    inputShape: [16, 16, 3],
    layers: [
      conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }),
      conv2d({ filters: 24, kernelSize: 3, padding: "same", activation: "relu" }),
      conv2d({ filters: 16, kernelSize: 5, strides: 2, activation: "relu" }),
      conv2d({ filters: 8, kernelSize: 1 }),
      maxPool2d(),
      flatten(),
      dense({ units: 16 }),
    ],
  }),
  "channels that leave lanes of a panel idle": new Sequential({
    inputShape: [16, 16, 3],
    layers: [
      conv2d({ filters: 10, kernelSize: 3, padding: "same", activation: "relu" }),
      conv2d({ filters: 12, kernelSize: 5, activation: "relu" }),
      conv2d({ filters: 29, kernelSize: [3, 2], strides: 2 }),
      flatten(),
      dense({ units: 14 }),
    ],
  }),
  "windows in the lanes, and rows that overlap": behindFirst([16, 20, 1], {
    filters: 6,
    kernelSize: 5,
    padding: "same",
  }),
  "windows in the lanes, and their pools": behindFirst([18, 26, 1], { filters: 6, kernelSize: 5 }, maxPool2d()),
  "windows in the lanes, of filters without a loop": behindFirst([9, 15, 1], { filters: 7, kernelSize: 3 }),
};

/** The module that a network's plan hands to the engine. */
async function emittedModule(model: Sequential): Promise<Uint8Array> {
  const { Module } = WebAssembly;
  const modules: Uint8Array[] = [];
  const record = function record(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
    modules.push(bytes);
    return new Module(bytes);
  };
  Object.assign(WebAssembly, { Module: record });
  try {
    const replica = await createReplica({ kind: "planned", model: model.toJSON(), kernels: "wide" }, 8);
    replica.dispose();
  } finally {
    Object.assign(WebAssembly, { Module });
  }
  return modules.at(-1);
}

/** Relaxed multiply-adds in each function of a module, in its order. */
function multiplyAdds(module: Uint8Array): number[] {
  let at = 8;
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  for (;;) {
    const section = module[at++];
    const bytes = unsigned();
    if (section === 10) break;
    at += bytes;
  }
  return Array.from({ length: unsigned() }, () => {
    const bytes = unsigned();
    const body = Buffer.from(module.subarray(at, at + bytes)).toString("latin1");
    at += bytes;
    return body.split("\xfd\x85\x02").length - 1;
  });
}

/** What V8 says while its optimizing compiler works through a module, function after function. */
async function revectorizeTrace(module: Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-vectorization-"));
  try {
    const file = path.join(folder, "module.wasm");
    await writeFile(file, module);
    const flags = ["--experimental-wasm-revectorize", "--trace-wasm-revectorize", "--no-liftoff"];
    // One compiler at a time, or their lines mix; loops as they were written, or there are more multiply-adds than said.
    flags.push("--no-wasm-lazy-compilation", "--wasm-num-compilation-tasks=1");
    flags.push("--no-wasm-loop-unrolling", "--no-wasm-loop-peeling");
    const program = `new WebAssembly.Module(require("node:fs").readFileSync(process.argv[1]))`;
    const { stdout } = await execute(process.execPath, [...flags, "-e", program, file], { maxBuffer: 2 ** 28 });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Multiply-adds that were fused with another, by the index of the function. */
function fusedMultiplyAdds(trace: string): Map<number, number> {
  const fused = new Map<number, number>();
  const functions = /Begin revec function wasm-function#(\d+)\n(.*?)Finished revec function wasm-function#\1\n/gs;
  for (const [, index, text] of trace.matchAll(functions)) {
    const decided = text.indexOf("Decided to vectorize");
    const pairs = decided === -1 ? [] : text.slice(decided).matchAll(/F32x4Qfma\](\(#\d+, #\d+\))/g);
    fused.set(Number(index), 2 * new Set(Array.from(pairs, ([, pair]) => pair)).size);
  }
  return fused;
}

/** Why this machine cannot tell, if it cannot. */
function obstacle(): string | undefined {
  // The words of the trace are V8's own and change: they are read where the build runs.
  if (!process.versions.node.startsWith("26.")) return `Node ${process.versions.node} is not 26`;
  if (process.arch !== "x64") return `${process.arch} has no AVX2`;
  if (process.platform !== "linux") return "only Linux says simply whether there is AVX2";
  return readFileSync("/proc/cpuinfo", "utf8").includes(" avx2 ") ? undefined : "this processor has no AVX2";
}

for (const [name, model] of Object.entries(networks)) {
  const reason = obstacle();
  const title = `V8 fuses every multiply-add of every emitted kernel: ${name}`;
  if (reason !== undefined) {
    test.skip(`${title} (not told here: ${reason})`, () => {});
    continue;
  }
  test.serial(title, async (t) => {
    const module = await emittedModule(model);
    const kernels = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(module)));
    const expected = multiplyAdds(module);
    t.is(expected.length, kernels.length);
    t.true(kernels.length >= 11);
    const fused = fusedMultiplyAdds(await revectorizeTrace(module));
    for (const [index, { name: kernel }] of kernels.entries()) {
      t.true(expected[index] > 0, kernel);
      t.is(fused.get(index), expected[index], kernel);
    }
  });
}
