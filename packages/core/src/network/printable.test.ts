import test from "ava";
import { escapeControls, printable, printableLine } from "./printable.ts";

test("every character that a terminal could obey, or that hides or turns others, is written out", (t) => {
  // The last ones are a black cat, an astronaut and a word of Persian, in which joiners belong.
  const kept = "Größe 猫 🐕 é ~ \u00a0 🐈\u200d⬛ 👩🏽\u200d🚀 ❤️\u200d🔥 می\u200cخواهم";
  t.is(escapeControls(kept), kept);
  for (const code of [
    0, 7, 8, 0x0a, 0x0d, 0x1b, 0x7f, 0x80, 0x9b, 0xad, 0x200b, 0x200e, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff,
  ]) {
    const written = `\\u${code.toString(16).padStart(4, "0")}`;
    t.is(escapeControls(`a${String.fromCodePoint(code)}b`), `a${written}b`);
  }
  t.is(escapeControls("a\u200db 🐕\u200d🐕\u200d"), "a\\u200db 🐕\u200d🐕\\u200d");
  // A tag of the supplementary planes, and half a pair.
  t.is(escapeControls("\u{e0041}"), "\\udb40\\udc41");
  t.is(escapeControls("\ud83d"), "\\ud83d");
});

test("in JSON the same is meant as before", (t) => {
  const value = { "key\u202e": "\u001b[2J\u009b\u2028\u{e0041}\ud83d 猫" };
  const json = escapeControls(JSON.stringify(value));
  t.notRegex(json, /[\p{C}\p{Zl}\p{Zp}]/u);
  t.deepEqual(JSON.parse(json), value);
});

test("a name is cut at 60 characters, and a line at 4096", (t) => {
  t.is(printable("x".repeat(60)), "x".repeat(60));
  t.is(printable("x".repeat(61)), `${"x".repeat(57)}...`);
  t.is(printableLine("x".repeat(4096)).length, 4096);
  t.is(printableLine("x".repeat(2 ** 20)), `${"x".repeat(4093)}...`);
});
