import test from "ava";
import { Code } from "../module/code.ts";
import { fitsUnrolled, valuesHeld } from "./inner_product.ts";
import type { PanelVectors } from "./tiling.ts";

const steps = (count: number): number[] => Array.from({ length: count }, (_, i) => i * 4);
const side = (windows: number, bytes: number): number[] => Array.from({ length: windows }, (_, t) => t * bytes);

test("values that rows share are held from the first read to the last", (t) => {
  // Windows 100 bytes apart share nothing: each value is read once.
  t.is(valuesHeld(side(6, 100), steps(9)), 1);
  // Windows one float apart: all of a step's values but the first are read again in the next.
  t.is(valuesHeld(side(6, 4), steps(1)), 1);
  t.is(valuesHeld(side(6, 4), steps(5)), 5);
  // Windows three floats apart meet again after three steps.
  t.is(valuesHeld([0, 12], steps(3)), 1);
  t.is(valuesHeld([0, 12], steps(6)), 3);
});

function fits(vectors: number, panelVectors: PanelVectors, offsets: number[], count: number): boolean {
  const code = new Code(0);
  const sums = offsets.map(() => Array.from({ length: vectors }, () => code.local("v128")));
  const [a, w] = [code.local("i32"), code.local("i32")];
  return fitsUnrolled({ sums, offsets, a, w, panelVectors }, steps(count));
}

test("steps are written out whole where the values that they share leave the sums their registers", (t) => {
  // Twelve sums of eight channels, or six of sixteen: room for two values, or for one.
  t.true(fits(2, 4, side(12, 1000), 24));
  t.false(fits(2, 4, side(12, 4), 5));
  t.false(fits(4, 4, side(6, 4), 5));
  t.false(fits(2, 2, side(6, 4), 5));
  t.true(fits(4, 4, side(6, 4), 1));
  // Eight registers of sums: values go to the stack, if anything.
  t.true(fits(4, 4, side(4, 4), 24));
  t.false(fits(4, 4, side(4, 4), 25));
});
