import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";

const root = path.resolve(import.meta.dirname, "..");

test("the programs in the README print what the README says, and end by themselves", async (t) => {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  const programs = [...readme.matchAll(/```js\n(.*?)```\s+It prints `(.*?)`/gs)];
  t.is(programs.length, 3);
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-readme-"));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [, program, printed] of programs) {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
      cwd: root,
      env: { ...process.env, TMPDIR: folder, TEMP: folder },
      timeout: 60_000,
    });
    t.is(stdout.trim(), printed);
    t.is(stderr, "");
  }
});
