import path from "node:path";
import test from "ava";
import { facts } from "./facts.ts";
import { nameFrom } from "./name_from.ts";

test("wraps beside the labels", (t) => {
  t.deepEqual(
    facts(
      [
        ["Data", "one two three four five"],
        ["", "six"],
      ],
      30,
    ),
    ["Data      one two three four", "          five", "          six"],
  );
});

test("leaves a long word whole, and every line where there is no width", (t) => {
  t.deepEqual(facts([["Run", `a ${"x".repeat(30)} b`]], 30), [
    "Run       a",
    `          ${"x".repeat(30)}`,
    "          b",
  ]);
  t.deepEqual(facts([["Run", "a ".repeat(100).trim()]], Infinity), [`Run       ${"a ".repeat(100).trim()}`]);
});

test("names a path from where the user stands", (t) => {
  const home = path.resolve("/home/me");
  t.is(nameFrom(home, path.join(home, "data", "mnist")), path.join("data", "mnist"));
  t.is(nameFrom(home, path.resolve("/data")), path.resolve("/data"));
  t.is(nameFrom(home, home), home);
});
