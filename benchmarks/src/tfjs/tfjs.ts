import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { register, unregister } from "@convoy/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { measure } from "../measure.ts";
import type { Row } from "../result.ts";
import { median, summarize } from "../statistics.ts";
import type { Workload } from "../workload.ts";
import { type Operation, operations } from "./operations.ts";
import { fitSeed } from "./seed_fit.ts";

const batchSize = 64;
const rounds = 5;
/** The CPU backend would need minutes for some kernels; its loops take as long for each image. */
const cpuBatchSize = 2;

type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * tfjs with its own kernels, with ours, and on its CPU backend, in one thread: `model.fit` of the seed network, and each
 * kernel that training calls. The first two take turns.
 */
export async function benchmarkTfjs({ train }: Workload): Promise<Row[]> {
  register(tf);
  const rows = [await fitRow(train)];
  const small = operations(cpuBatchSize);
  for (const [i, operation] of operations(batchSize).entries()) rows.push(await operationRow(operation, small[i]));
  return rows;
}

async function fitRow(images: Workload["train"]): Promise<Row> {
  await tf.setBackend("cpu");
  const cpu = await fitSeed(images, batchSize, 1);
  await tf.setBackend("wasm");
  unregister();
  const stock = await fitSeed(images, batchSize, 1).then(
    ({ rates }) => rates[0],
    (error: Error) => error.message.match(/Kernel '\w+' not registered/)?.[0] ?? error.message,
  );
  register(tf);
  const { rates, loss } = await fitSeed(images, 50 * batchSize, 9);
  // The first fit compiles and tiers up.
  return {
    name: "seed network, model.fit",
    unit: "images/s",
    ...summarize(rates.slice(1)),
    stock,
    cpu: cpu.rates[0],
    loss,
  };
}

async function operationRow(operation: Operation, onFewImages: Operation): Promise<Row> {
  await tf.setBackend("cpu");
  const few = tensors(onFewImages);
  const began = performance.now();
  run(onFewImages, few)();
  const cpu = (performance.now() - began) * (batchSize / cpuBatchSize);
  tf.dispose(few);

  await tf.setBackend("wasm");
  const inputs = tensors(operation);
  const sample = (name: string): readonly number[] =>
    measure([{ name, run: run(operation, inputs) }], { rounds: 1, milliseconds: 40, iterations: 3 }).get(name)!;
  const ours: number[] = [];
  const stock: number[] = [];
  for (let round = 0; round < rounds; round++) {
    register(tf);
    ours.push(...sample("ours"));
    unregister();
    if (stockHas(operation.kernel)) stock.push(...sample("stock"));
  }
  register(tf);
  tf.dispose(inputs);
  const stockColumns =
    stock.length === 0 ? { stock: "missing" } : { stock: median(stock), "ours ÷ stock": median(ours) / median(stock) };
  return {
    name: operation.name,
    unit: "ms",
    ...summarize(ours),
    ...stockColumns,
    [`cpu, from batch ${cpuBatchSize}`]: cpu,
  };
}

function tensors({ inputs }: Operation): Tensors {
  const drawn = Object.entries(inputs).map(([name, shape], i): [string, tf.Tensor] => [
    name,
    tf.randomUniform([...shape], 0.1, 1, "float32", i + 1),
  ]);
  return Object.fromEntries(drawn);
}

/** One call, whose output is given back. */
function run({ kernel, attributes }: Operation, inputs: Tensors): () => void {
  return () => tf.dispose(tf.engine().runKernel(kernel, { ...inputs }, attributes));
}

function stockHas(kernel: string): boolean {
  return (tf.getKernel(kernel, "wasm") as tf.KernelConfig | undefined) !== undefined;
}
