import { readFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { layers, restoreLayer } from "../layers/layers.ts";
import { optimizers, restoreOptimizer } from "../optimizers/optimizers.ts";
import type { OptionTable } from "./option.ts";

type AnyKind = ((options: object) => object) & { readonly options: OptionTable };

const families: [code: string, folders: string[], kinds: object, restore: (value: unknown) => object][] = [
  ["LAYER_OPTION", ["layers", "activations"], layers, restoreLayer],
  ["OPTIMIZER_OPTION", ["optimizers"], optimizers, restoreOptimizer],
];
for (const [code, folders, kinds, restore] of families) {
  // Plain JavaScript can give any options.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  for (const [name, kind] of Object.entries(kinds) as [string, AnyKind][]) {
    const table = Object.entries(kind.options);
    const needed = Object.fromEntries(table.filter(([, { needed: is }]) => is).map(([of]) => [of, valueFor(of, kind)]));

    test(`${name} survives JSON`, (t) => {
      const made = kind(needed);
      t.deepEqual(Object.keys(made), ["kind", ...Object.keys(kind.options)]);
      t.deepEqual(restore(JSON.parse(JSON.stringify(made))), made);
    });

    test(`${name} refuses what cannot be, and says what could`, (t) => {
      for (const [option, { expected }] of table) {
        const message = `${code}: ${name}: ${option} must be ${expected}; got null.`;
        t.throws(() => kind({ ...needed, [option]: null }), { code, message });
      }
      for (const option of Object.keys(needed)) {
        t.throws(() => kind({ ...needed, [option]: undefined }), { code, message: /must be .*; it is missing\.$/ });
      }
      const others = table.length === 0 ? "none" : Object.keys(kind.options).join(", ");
      const message = `${code}: ${name} has no option speed; it takes ${others}.`;
      t.throws(() => kind({ ...needed, speed: 1 }), { code, message });
    });

    test(`${name} says in its documentation which options it takes, and their defaults`, (t) => {
      const text = sourceOf(name, folders);
      const documented = [...text.matchAll(/@param options\.(\w+)/g)].map(([, option]) => option);
      t.deepEqual(documented, Object.keys(kind.options));
      for (const [option, { standardText }] of table) {
        if (standardText === undefined) continue;
        const line = new RegExp(`@param options\\.${option} .*Default:? "?${standardText}"?\\n`);
        t.regex(text, line);
      }
    });
  }
}

/** The first value that an option takes of those that options of numbers take. */
function valueFor(name: string, { options }: AnyKind): unknown {
  return [1, 0.5].find((value) => options[name].accept(value) !== undefined);
}

function sourceOf(kind: string, folders: readonly string[]): string {
  const file = kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const places = folders.map((folder) => path.join(import.meta.dirname, "..", folder, `${file}.ts`));
  for (const place of places) {
    try {
      return readFileSync(place, "utf8");
    } catch {
      continue;
    }
  }
  throw new Error(`${kind} has no file of its own`);
}
