import type { DataType, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow, WasmBackend } from "@convoy/core/engine";
import { Cell, type CellType, type Numbers, type Operation, types } from "./cell.ts";
import { isListed } from "./differences.ts";
import { type GuardedMemory, guardMemory } from "./guarded_memory.ts";

/** One result of an operation. */
interface Output {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** What an operation gives, or the message with which it refuses. */
type Result = readonly Output[] | string;

/** Runs operations on tfjs's backends 'cpu' and 'wasm' by turns, among tensors that none of them may change. */
export class Comparison {
  /** What differs, though it is not listed, and whatever touched other memory; one line each. */
  readonly lines: string[] = [];
  readonly #tf: TensorFlow;
  readonly #memory: GuardedMemory;
  readonly #bystanders: readonly { readonly tensor: Tensor; readonly values: readonly number[] }[];

  /** @param tf with both backends set up, and 'wasm' chosen */
  constructor(tf: TensorFlow) {
    this.#tf = tf;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the caller says
    const backend = tf.backend() as WasmBackend;
    this.#memory = guardMemory(backend);
    this.#bystanders = types.map((dtype) => {
      const tensor = tf.keep(new Cell(tf, dtype, 1, "special", 1).tensor([99]));
      return { tensor, values: [...tensor.dataSync()] };
    });
  }

  run(name: string, operation: Operation, dtype: CellType, rank: number, numbers: Numbers, seed: number): void {
    const on = (backend: string): Result | undefined => {
      void this.#tf.setBackend(backend);
      return runScoped(this.#tf, () => operation(new Cell(this.#tf, dtype, rank, numbers, seed)));
    };
    const [right, ours] = [on("cpu"), on("wasm")];
    const about = `${name} of ${dtype}, rank ${rank}, ${numbers} numbers, seed ${seed}`;
    const what = right === undefined || ours === undefined ? "" : difference(right, ours);
    if (what !== "" && !isListed(name, dtype, numbers)) this.lines.push(`${about}: ${what}`);
    if (this.#memory.damaged() > 0) this.lines.push(`${about}: wrote beside its tensors`);
    for (const { tensor, values } of this.#bystanders) {
      if (tensor.dataSync().every((value, i) => Object.is(value, values[i]))) continue;
      this.lines.push(`${about}: changed another tensor`);
    }
  }

  end(): void {
    void this.#tf.setBackend("wasm");
    for (const { tensor } of this.#bystanders) tensor.dispose();
    this.#memory.undo();
  }
}

function runScoped(tf: TensorFlow, operation: () => Tensor | readonly Tensor[] | undefined): Result | undefined {
  tf.engine().startScope();
  try {
    const result = operation();
    if (result === undefined) return undefined;
    const tensors: readonly Tensor[] = "dataId" in result ? [result] : result;
    return tensors.map((y) => ({ dtype: y.dtype, shape: y.shape, values: y.dataSync().slice() }));
  } catch (error) {
    return String(error);
  } finally {
    tf.engine().endScope();
  }
}

/** Empty where they agree. Both may refuse, each in its own words, but not by a fault of WebAssembly. */
function difference(right: Result, ours: Result): string {
  if (typeof ours === "string") return typeof right === "string" && !ours.includes("RuntimeError") ? "" : ours;
  if (typeof right === "string") return `the CPU backend refuses: ${right}`;
  for (const [i, a] of right.entries()) {
    const b = ours[i];
    if (a.dtype !== b.dtype) return `${b.dtype} instead of ${a.dtype}`;
    if (String(a.shape) !== String(b.shape)) return `shape [${String(b.shape)}] instead of [${String(a.shape)}]`;
    for (let j = 0; j < a.values.length; j++) {
      if (!agree(a.values[j], b.values[j], a.dtype)) return `[${j}] is ${b.values[j]} instead of ${a.values[j]}`;
    }
  }
  return "";
}

function agree(a: number, b: number, dtype: DataType): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return dtype === "float32" && Math.abs(a - b) <= 3e-5 * Math.max(1, Math.abs(a));
}
