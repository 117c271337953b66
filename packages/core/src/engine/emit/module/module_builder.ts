import type { Code } from "./code.ts";
import { Bytes } from "./encoding.ts";

/** Puts functions into a module that imports a memory as `env.memory` and exports every function by its name. */
export class ModuleBuilder {
  readonly #functions = new Map<string, Code>();

  add(name: string, code: Code): void {
    this.#functions.set(name, code);
  }

  build(): Uint8Array<ArrayBuffer> {
    const functions = [...this.#functions];
    const signatures = [...new Set(functions.map(([, { parameterCount }]) => parameterCount))];
    const types = new Bytes().unsigned(signatures.length);
    for (const count of signatures) {
      types.byte(0x60).unsigned(count);
      for (let i = 0; i < count; i++) types.byte(0x7f);
      types.unsigned(0);
    }
    const imports = new Bytes().unsigned(1).name("env").name("memory").byte(0x02, 0x00).unsigned(1);
    const declarations = new Bytes().unsigned(functions.length);
    const exports = new Bytes().unsigned(functions.length);
    const bodies = new Bytes().unsigned(functions.length);
    for (const [index, [name, code]] of functions.entries()) {
      declarations.unsigned(signatures.indexOf(code.parameterCount));
      exports.name(name).byte(0x00).unsigned(index);
      bodies.append(code.finish());
    }
    const module = new Bytes().byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
    const sections: [number, Bytes][] = [
      [1, types],
      [2, imports],
      [3, declarations],
      [7, exports],
      [10, bodies],
    ];
    for (const [id, section] of sections) module.byte(id).sized(section);
    return Uint8Array.from(module.data);
  }
}
