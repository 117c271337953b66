import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";

const run = promisify(execFile);

for (const name of ["core", "datasets", "tfjs"]) {
  test(`the program in the README of @convoy/${name} prints what the README says`, async (t) => {
    const folder = fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
    const readme = await readFile(`${folder}README.md`, "utf8");
    const program = /```js\n(.*?)```/s.exec(readme)![1];
    const output = /```text\n(.*?)```/s.exec(readme)![1];
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder });
    t.is(stdout.replaceAll(/ +$/gm, ""), output);
  });
}
