import { spawnSync } from "node:child_process";
import test from "ava";
import { shellQuoted } from "./shell_quoted.ts";

test("leaves alone what a shell does, and quotes the rest", (t) => {
  for (const [name, quoted] of [
    ["runs/first", "runs/first"],
    ["/home/me/run-1.2_3@x:y%+,", '"/home/me/run-1.2_3@x:y%+,"'],
    ["my run", '"my run"'],
    ["it's", '"it\'s"'],
    ["--json", "./--json"],
    ["=ls", '"=ls"'],
    ["~", '"~"'],
    ["", '""'],
    ["猫", '"猫"'],
  ]) {
    t.is(shellQuoted(name), quoted);
  }
});

const unix = process.platform === "win32" ? test.skip : test;
unix("on Unix nothing in a name is run or replaced (skipped on Windows)", (t) => {
  for (const [name, quoted] of [
    ["$(id)", "'$(id)'"],
    ["`id`", "'`id`'"],
    ["$HOME", "'$HOME'"],
    ["a!b", "'a!b'"],
    ["a\\b", "'a\\b'"],
    ["it's $x", "'it'\\''s $x'"],
    ["a\nb", "$'a\\012b'"],
    ["é\u202e'", "$'\\303\\251\\342\\200\\256\\047'"],
  ]) {
    t.is(shellQuoted(name), quoted);
  }
});

for (const shell of ["sh", "bash", "zsh"]) {
  const found = spawnSync(shell, ["-c", "test \"$(printf %s $'\\101')\" = A"]).status;
  (found === null || process.platform === "win32" ? test.skip : test)(
    `${shell} takes each name back as it was (skipped where it is not)`,
    (t) => {
      const every = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1));
      const names = [
        ...every,
        every.join(""),
        every.toReversed().join(""),
        "",
        "-n",
        "a b  c",
        "*",
        "{a,b}",
        "#x",
        "~root",
      ];
      // What is no control needs no more than the quotes of every shell; for the rest this one may be too old.
      const asked = found === 0 ? names : names.filter((name) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(name));
      const script = `printf '%s\\0' ${asked.map(shellQuoted).join(" ")}`;
      const { stdout } = spawnSync(shell, ["-c", script], { encoding: "utf8" });
      t.deepEqual(
        stdout.split("\0").slice(0, -1),
        asked.map((name) => (name.startsWith("-") ? `./${name}` : name)),
      );
    },
  );
}
