import test from "ava";
import { nameOf, programName } from "./program_name.ts";

const source = "file:///convoy/apps/trainer/src/program_name.ts";
const dist = "file:///app/node_modules/@convoy/trainer/dist/program_name.js";

test("is named as it is called where it is installed, or fetched by npx", (t) => {
  t.is(nameOf(dist, "/app/node_modules/.bin/convoy", ""), "convoy");
  t.is(nameOf(dist, "/home/me/.npm/_npx/1234/node_modules/.bin/convoy", ""), "npx @convoy/trainer");
});

test("in the repository pnpm starts it, or npx where that had to fetch pnpm", (t) => {
  const main = "/convoy/apps/trainer/main.mjs";
  t.is(nameOf(source, main, "/usr/lib/node_modules/pnpm/bin/pnpm.cjs"), "pnpm trainer");
  t.is(nameOf(source, main, ""), "pnpm trainer");
  t.is(nameOf(source, main, "/home/me/.npm/_npx/1234/node_modules/pnpm/pnpm"), "npx -y pnpm@12 trainer");
  t.is(nameOf(source, "C:\\convoy\\apps\\trainer\\main.mjs", "C:\\npm-cache\\_npx\\1\\pnpm"), "npx -y pnpm@12 trainer");
});

test("tests and samples call it by one name, whoever started them", (t) => {
  t.is(programName, "pnpm trainer");
});
