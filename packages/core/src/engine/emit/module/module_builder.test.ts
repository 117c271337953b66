import test from "ava";
import { Code } from "./code.ts";
import { ModuleBuilder } from "./module_builder.ts";
import { op } from "../tiles/simd.ts";

/** Runs a function over a fresh memory and gives its first words. */
function run(code: Code, ...values: readonly number[]): Int32Array {
  const builder = new ModuleBuilder();
  builder.add("run", code);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(builder.build()), { env: { memory } });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one function of the module
  (exports["run"] as (...values: readonly number[]) => void)(...values);
  return new Int32Array(memory.buffer, 0, 4);
}

const store = 0x36;

/** memory[0] += value */
function add(code: Code, value: number): void {
  code.constant(0).constant(0).memory(op.i32Load, 0).constant(value).op(op.i32Add).memory(store, 0);
}

test("functions of several signatures share a module", (t) => {
  const builder = new ModuleBuilder();
  builder.add("none", new Code(0));
  builder.add("three", new Code(3));
  builder.add("again", new Code(0));
  const module = new WebAssembly.Module(builder.build());
  t.deepEqual(
    WebAssembly.Module.exports(module).map(({ name }) => name),
    ["none", "three", "again"],
  );
});

test("repeat runs its body as often as it says, without a loop for one and nothing for none", (t) => {
  for (const times of [0, 1, 2, 7]) {
    const code = new Code(0);
    code.repeat(times, () => add(code, 3));
    t.is(run(code)[0], 3 * times);
  }
});

test("while looks before the first round", (t) => {
  const code = new Code(1);
  const at = code.local("i32");
  code.constant(0).set(at);
  code.while(at, code.parameter(0), () => {
    add(code, 1);
    code.advance(at, at, 2);
  });
  t.is(run(code, 0)[0], 0);
  t.is(run(code, 5)[0], 3);
});

test("locals that were given back are used again, and keep their kind", (t) => {
  const code = new Code(2);
  const first = code.local("i32");
  const vector = code.local("v128");
  code.release("i32", first);
  t.is(code.local("v128"), vector + 1);
  t.is(code.local("i32"), first);
});

test("fill writes as many bytes as it is told", (t) => {
  const code = new Code(0);
  code.constant(4).constant(-1).constant(4).fill();
  t.deepEqual([...run(code)], [0, -1, 0, 0]);
});
