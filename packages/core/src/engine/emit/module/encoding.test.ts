import test from "ava";
import { Bytes } from "./encoding.ts";

test("writes unsigned integers as LEB128, least group first", (t) => {
  t.deepEqual(new Bytes().unsigned(0).data, [0]);
  t.deepEqual(new Bytes().unsigned(127).data, [0x7f]);
  t.deepEqual(new Bytes().unsigned(128).data, [0x80, 0x01]);
  // The example of the DWARF standard and of the WebAssembly specification.
  t.deepEqual(new Bytes().unsigned(624_485).data, [0xe5, 0x8e, 0x26]);
  t.deepEqual(new Bytes().unsigned(2 ** 32 - 1).data, [0xff, 0xff, 0xff, 0xff, 0x0f]);
});

test("writes signed integers as LEB128 with the sign in the last group", (t) => {
  t.deepEqual(new Bytes().signed(63).data, [0x3f]);
  t.deepEqual(new Bytes().signed(64).data, [0xc0, 0x00]);
  t.deepEqual(new Bytes().signed(-64).data, [0x40]);
  t.deepEqual(new Bytes().signed(-123_456).data, [0xc0, 0xbb, 0x78]);
  t.deepEqual(new Bytes().signed(-(2 ** 31)).data, [0x80, 0x80, 0x80, 0x80, 0x78]);
});

test("puts the length before names and sized parts", (t) => {
  t.deepEqual(new Bytes().name("µ").data, [2, 0xc2, 0xb5]);
  t.deepEqual(new Bytes().sized(new Bytes().byte(7, 8, 9)).data, [3, 7, 8, 9]);
});
