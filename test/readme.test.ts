import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";
import { withFigures } from "../benchmarks/src/readme_figures.ts";

const root = path.join(import.meta.dirname, "..");
const pages = ["README.md", "FEATURES.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/architecture.md"];

test("the README's figures are those of the benchmarks' results", async (t) => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  t.is(await withFigures(readme), readme, "pnpm bench readme brings them up to date");
});

test("the README's program prints what the README says, but for another processor's rounding", async (t) => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const program = /```js\n(.*?)```/s.exec(readme)![1];
  const output = /```text\n(.*?)```/s.exec(readme)![1];
  // The trainer depends on all three packages.
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: path.join(root, "apps", "trainer"),
  });
  t.is(stdout.replace(/^[\d.]+/, ""), output.replace(/^[\d.]+/, ""));
  t.true(Math.abs(Number.parseFloat(stdout) - Number.parseFloat(output)) < 0.5, stdout);
});

test("the README's commands are scripts of the root package", (t) => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  );
  const named = [...readme.matchAll(/npx -y pnpm@12 (\w+)/g)].map(([, name]) => name);
  t.deepEqual(named, ["trainer", "test"]);
  t.true(named.every((name) => name in scripts));
});

for (const page of pages) {
  test(`${page} links to nothing that is not there`, (t) => {
    const file = path.join(root, page);
    const links = [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link);
    const missing = links.filter((link) => !existsSync(path.join(path.dirname(file), link)));
    t.deepEqual(missing, []);
  });
}
