import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { programUrl } from "./program_url.ts";

test("the programs of threads lie beside the sources", (t) => {
  for (const program of ["worker", "compiled"] as const) t.true(existsSync(fileURLToPath(programUrl(program))));
});

for (const [what, here] of [
  ["in CommonJS, which has no address,", ""],
  ["of another name", "file:///app/out/server.js"],
  ["that kept the address of a machine where it was built", "file:///gone/@convoy/parallel/dist/pool/program_url.js"],
] as const) {
  test(`a bundle ${what} is told at once what to leave outside`, (t) => {
    const message = /fit starts threads.*Leave @convoy\/core, @convoy\/parallel.*esbuild.*webpack.*Rollup.*Vite/;
    t.throws(() => programUrl("worker", here), { code: "BUNDLED", message });
  });
}
