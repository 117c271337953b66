import fc from "fast-check";

/** JSON as text, for what JSON.stringify never writes is what strangers write. */
export type JsonText = fc.Arbitrary<string>;

export const hostileNumber: JsonText = fc.constantFrom(
  ..."0 1 -1 -0 0.5 1.0 1e3 01 .5 255 256 32767 65536 16777216 2147483647 2147483648 4294967295 4294967296".split(" "),
  ..."9007199254740991 9007199254740993 18446744073709551616 1e300 1e999 -1e999 NaN Infinity 0x10 5e-324".split(" "),
);

export const hostileText: JsonText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map((any) => JSON.stringify(any)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '"__proto__"',
      '"constructor"',
      '"toString"',
      '""',
      '"\\ud800"',
      '"\\u001b[2J"',
      '"\\u202e"',
      '"\\x"',
      '"\n"',
      `"${"x".repeat(5000)}"`,
      '"[[[[,,,"',
    ),
  },
);

/** Any value, or what is almost one. */
export const hostileValue: JsonText = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    hostileNumber,
    hostileText,
    fc.constantFrom("null", "true", "false", "", "[", "{}", "[[[[[[[[]]]]]]]]"),
    array(tie("value")),
    fc.array(fc.tuple(hostileText, tie("value")), { maxLength: 4 }).map(objectOf),
  ),
})).value;

export function array(element: JsonText, maxLength = 4): JsonText {
  return fc.array(element, { maxLength }).map((values) => `[${values.join()}]`);
}

export function text(value: string): JsonText {
  return fc.constant(JSON.stringify(value));
}

/** Mostly these members, in their order; now and then one that is missing, has another value, comes twice or is unknown. */
export function object(members: Readonly<Record<string, JsonText>>): JsonText {
  const parts = Object.entries(members).map(([name, value]) => {
    const key = JSON.stringify(name);
    const right = value.map((own) => [[key, own]] as const);
    return fc.oneof(
      { weight: 100, arbitrary: right },
      { weight: 1, arbitrary: hostileValue.map((own) => [[key, own]] as const) },
      { weight: 1, arbitrary: fc.constant([] as const) },
    );
  });
  const extra = fc.oneof(
    { weight: 40, arbitrary: fc.constant([] as const) },
    { weight: 1, arbitrary: fc.tuple(hostileText, hostileValue).map((member) => [member] as const) },
  );
  return fc.tuple(...parts, extra).map((all) => objectOf(all.flat()));
}

function objectOf(members: readonly (readonly [key: string, value: string])[]): string {
  return `{${members.map(([key, value]) => `${key}:${value}`).join()}}`;
}
