import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import test from "ava";

const root = path.resolve(import.meta.dirname, "..");

test("the program in the README prints what the README says, and ends by itself", async (t) => {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  const program = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const printed = /It prints `(.*?)`/.exec(readme)?.[1] ?? "";
  t.not(printed, "");
  const statements = program.split("\n").filter((line) => line !== "");
  t.true(statements.length > 5 && statements.length <= 10);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    timeout: 60_000,
  });
  t.is(stdout.trim(), printed);
  t.is(stderr, "");
});
