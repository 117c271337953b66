import { readFileSync } from "node:fs";
import test from "ava";
import { ModuleBuilder } from "./module_builder.ts";
import { Code } from "./code.ts";
import { instantiateOver } from "./instantiate_over.ts";

const compiled = new URL("../../../../wasm/replica.wasm", import.meta.url);
const memories = {
  "tfjs's own memory": new WebAssembly.Memory({ initial: 256, maximum: 65536 }),
  "a memory that threads share": new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true }),
};

for (const [name, memory] of Object.entries(memories)) {
  test(`compiled and emitted modules take ${name}`, (t) => {
    const builder = new ModuleBuilder();
    builder.add("nothing", new Code(0));
    for (const bytes of [Uint8Array.from(readFileSync(compiled)), builder.build()]) {
      t.true(Object.keys(instantiateOver(memory, bytes)).length > 0);
    }
  });
}
