import test from "ava";
import { nameOf, programName } from "./program_name.ts";

test("is named as in the repository, as installed, or as fetched by npx", (t) => {
  t.is(programName, "pnpm trainer");
  const dist = "file:///app/node_modules/@convoy/trainer/dist/program_name.js";
  t.is(nameOf(dist, "/app/node_modules/.bin/convoy"), "convoy");
  t.is(nameOf(dist, "/home/me/.npm/_npx/1234/node_modules/.bin/convoy"), "npx @convoy/trainer");
});
