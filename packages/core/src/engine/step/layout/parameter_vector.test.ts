import test from "ava";
import { startBackend } from "../../backend/start.ts";
import { Arena } from "./arena.ts";
import { type PackRows, ParameterVector } from "./parameter_vector.ts";

const backend = await startBackend();

/** A matrix of 50 × 300 floats, which is handed out in rows, between 7 others before and 5 behind it. */
const [before, inner, filters, behind] = [7, 50, 300, 5];
const count = before + inner * filters + behind;

const values = Float32Array.from({ length: count }, (_, i) => i + 1);

const floats = (address: number, length: number): number[] => [
  ...new Float32Array(backend.memory.buffer, address, length),
];

/** What each call of a packing got: first row, and the rows' values. */
function collector(): { readonly calls: [first: number, values: number[]][]; readonly pack: PackRows } {
  const calls: [number, number[]][] = [];
  return {
    calls,
    pack: (source, first, rows) => calls.push([first, floats(source, rows * filters)]),
  };
}

function vectors(): { readonly arena: Arena; readonly parameters: ParameterVector } {
  const arena = new Arena(backend);
  return { arena, parameters: new ParameterVector(arena, backend.memory, count) };
}

test("a large matrix is handed out row after row, in multiples of the panels, and the last rows as they come", (t) => {
  const { arena, parameters } = vectors();
  const matrix = parameters.matrix(before, inner, filters, true);
  for (const factor of [1, -2]) {
    const given = values.map((value) => value * factor);
    parameters.open(given);
    const { calls, pack } = collector();
    matrix(pack);
    t.deepEqual(
      calls.map(([first]) => first),
      [0, 16, 32, 48],
    );
    t.deepEqual(
      calls.flatMap(([, rows]) => rows),
      [...given.subarray(before, before + inner * filters)],
    );
  }
  arena.free();
});

test("all others are copied, and stay where they are", (t) => {
  const { arena, parameters } = vectors();
  parameters.matrix(before, inner, filters, true);
  parameters.open(values);
  t.deepEqual(floats(parameters.address, before), [...values.subarray(0, before)]);
  const end = before + inner * filters;
  t.deepEqual(floats(parameters.address + end * 4, behind), [...values.subarray(end)]);
  arena.free();
});

test("a matrix that is packed in whole, and a small one, are handed out where they were copied to", (t) => {
  const { arena, parameters } = vectors();
  const whole = parameters.matrix(before, inner, filters, false);
  const small = parameters.matrix(before + inner * filters, 1, behind, true);
  parameters.open(values);
  whole((source, first, rows) => t.deepEqual([source, first, rows], [parameters.address + before * 4, 0, inner]));
  small((source, first, rows) => {
    t.deepEqual([source, first, rows], [parameters.address + (before + inner * filters) * 4, 0, 1]);
    t.deepEqual(floats(source, behind), [...values.subarray(-behind)]);
  });
  arena.free();
});
