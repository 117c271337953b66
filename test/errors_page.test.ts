import { readFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { codesIn, errorCodes } from "./error_codes.ts";

const root = path.join(import.meta.dirname, "..");
const rows = [...readFileSync(path.join(root, "docs/errors.md"), "utf8").matchAll(/^\| `([A-Z0-9_]+)` \|(.*)\|$/gm)];
const page = rows.map(([, name]) => name);
const sources = errorCodes(root, [
  "packages/core",
  "packages/tfjs",
  "packages/datasets",
  "packages/parallel",
  "apps/trainer",
]);

test("docs/errors.md has every code of the sources", (t) => {
  const missing = [...sources].filter(([name]) => !page.includes(name)).map(([name, file]) => `${name} of ${file}`);
  t.deepEqual(missing, []);
});

test("docs/errors.md has no code that the sources do not have", (t) => {
  t.deepEqual(
    page.filter((name) => !sources.has(name)),
    [],
  );
});

test("docs/errors.md has each code once, with a meaning and a cure", (t) => {
  t.is(new Set(page).size, page.length);
  const empty = rows.filter(
    ([, , rest]) => rest.split("|").length !== 2 || rest.split("|").some((cell) => !cell.trim()),
  );
  t.deepEqual(
    empty.map(([, name]) => name),
    [],
  );
});

test("codes are found however they are written, and nothing else is", (t) => {
  const source = `
    throw new CoreError("ONE", \`x\`);
    throw new ParallelError(
      "TWO_WORDS",
      message);
    throw new UsageError(missing ? "THREE_A" : "THREE_B", text);
    throw this.#error("FOUR_X", what);
    const code = coded ? error.code : "FIVE";
    stderr.write(\`trace\\nSIX: this is a bug\`);
    write(\`SEVEN_X: no\`);
    // throw new CoreError("NOT_A_CODE", "in a comment");
    if (error.code === "ERR_WORKER_OUT_OF_MEMORY" || error.code === "ENOENT" || process.env["INIT_CWD"]) type = "F32";
  `;
  t.deepEqual(codesIn(source).toSorted(), [
    "FIVE",
    "FOUR_X",
    "ONE",
    "SEVEN_X",
    "SIX",
    "THREE_A",
    "THREE_B",
    "TWO_WORDS",
  ]);
});
