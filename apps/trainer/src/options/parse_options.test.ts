import test from "ava";
import { decimal, wholeNumber } from "./number_option.ts";
import { choice, flag, text } from "./option.ts";
import { parseOptions } from "./parse_options.ts";

const table = {
  count: { ...wholeNumber({ description: "", initial: 3, least: 0, most: 10 }), letter: "c", alias: "number" },
  rate: decimal({ description: "", initial: undefined, expected: "a number", fits: () => true }),
  color: choice(["red", "green"], "red", ""),
  file: text("<file>", ""),
  again: { ...text("<run>", ""), isValueOptional: true, parse: (value: string) => value },
  loud: flag(""),
};
const parse = (...argv: string[]) => parseOptions("paint", table, argv, ["[wall]"]);

test("fills in what is left out", (t) => {
  const { values, positionals, given } = parse();
  t.deepEqual(
    { ...values },
    { count: 3, rate: undefined, color: "red", file: undefined, again: undefined, loud: false },
  );
  t.deepEqual(positionals, []);
  t.is(given.size, 0);
});

test("reads values after a space and after an equals sign, in any order, around what has no dashes", (t) => {
  const { values, positionals, given } = parse("--loud", "--count", "10", "north", "--rate=-2.5e-3", "--file", "a b");
  t.deepEqual({ ...values }, { count: 10, rate: -0.0025, color: "red", file: "a b", again: undefined, loud: true });
  t.deepEqual(positionals, ["north"]);
  t.deepEqual(Object.fromEntries(given), { loud: "", count: "10", rate: "-2.5e-3", file: "a b" });
});

test("an option may be written with a letter or by another name, and is known by its own", (t) => {
  for (const argv of [["-c", "7"], ["-c7"], ["--number", "7"], ["--number=7"]]) {
    const { values, given } = parse(...argv);
    t.is(values.count, 7, argv.join(" "));
    t.deepEqual(Object.fromEntries(given), { count: "7" });
  }
  t.throws(() => parse("--count", "1", "-c", "2"), { code: "OPTION_REPEATED", message: /-c is given twice/ });
  t.throws(() => parse("--count", "1", "--number", "2"), { code: "OPTION_REPEATED" });
  t.throws(() => parse("-c", "eleven"), { code: "OPTION_VALUE", message: /--count .*"eleven"/ });
  t.throws(() => parse("--file", "-c"), { code: "OPTION_VALUE", message: /--file needs a value/ });
  t.throws(() => parse("-c"), { code: "OPTION_VALUE", message: /-c needs a value: -c <n>/ });
  t.throws(() => parse("-x"), { code: "OPTION_UNKNOWN", message: /no option -x\. See/ });
  t.deepEqual({ ...parse("--again", "-c", "7").values, loud: true }, { ...parse("-c7", "--again").values, loud: true });
});

test("takes a negative number after a space", (t) => {
  t.is(parse("--rate", "-1").values.rate, -1);
});

test("takes a value that begins with dashes when no option has that name", (t) => {
  t.is(parse("--file", "--odd").values.file, "--odd");
});

test("takes every way to write a decimal number, and no other text", (t) => {
  for (const [written, value] of [
    ["1", 1],
    ["+.5", 0.5],
    ["5.", 5],
    ["1E2", 100],
    ["-0.25", -0.25],
  ] as const) {
    t.is(parse(`--rate=${written}`).values.rate, value);
  }
  for (const written of ["", ".", "1,5", "1 ", "0b1", "1e", "--1", "1_000", "½", "NaN"]) {
    t.throws(() => parse(`--rate=${written}`), { code: "OPTION_VALUE" }, written);
  }
});

test("refuses a zero byte, which no path can hold", (t) => {
  t.throws(() => parse("--file", "a\0b"), { code: "OPTION_VALUE" });
});

test("knows no option by a name that objects have already", (t) => {
  for (const written of ["--__proto__", "--__proto__=x", "--constructor=x", "--toString", "--hasOwnProperty"]) {
    t.throws(() => parse(written), { code: "OPTION_UNKNOWN" }, written);
  }
  for (const written of ["__proto__", "constructor", "toString"]) {
    t.throws(() => parse("--color", written), { code: "OPTION_VALUE" }, written);
  }
});

test("refuses numbers that are longer than any number, at once", (t) => {
  for (const written of ["9".repeat(100_000), `1e${"9".repeat(100_000)}`, `${"1".repeat(50_000)}x`]) {
    t.throws(() => parse("--rate", written), { code: "OPTION_VALUE" });
    const error = t.throws(() => parse("--count", written), { code: "OPTION_VALUE" });
    t.true(error.message.length < 300, "the message is short");
  }
});
