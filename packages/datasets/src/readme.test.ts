import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("..", import.meta.url));

test("the README's program prints the README's output", async (t) => {
  const readme = await readFile(`${folder}README.md`, "utf8");
  const program = /```js\n(.*?)```/s.exec(readme)![1];
  const output = /```text\n(.*?)```/s.exec(readme)![1];
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder });
  t.is(stdout.replaceAll(/ +$/gm, ""), output);
});
