import test from "ava";
import { drawPicture } from "./picture.ts";

const picture = { width: 2, height: 3, pixels: Uint8Array.of(0, 255, 128, 10, 255, 0) };

test("draws two pixels a cell in true color", (t) => {
  const { lines, columns } = drawPicture(picture, 24);
  t.is(columns, 2);
  t.deepEqual(lines, [
    "\x1b[38;2;0;0;0;48;2;128;128;128m▀\x1b[38;2;255;255;255;48;2;10;10;10m▀\x1b[0m",
    "\x1b[38;2;255;255;255;48;2;0;0;0m▀\x1b[38;2;0;0;0;48;2;0;0;0m▀\x1b[0m",
  ]);
});

test("draws with the greys of 256 colors, black and white included", (t) => {
  t.deepEqual(drawPicture(picture, 8).lines, [
    "\x1b[38;5;16;48;5;244m▀\x1b[38;5;231;48;5;232m▀\x1b[0m",
    "\x1b[38;5;231;48;5;16m▀\x1b[38;5;16;48;5;16m▀\x1b[0m",
  ]);
});

test("draws two letters a pixel without colors, for NO_COLOR and files", (t) => {
  for (const colorDepth of [1, 4]) {
    const { lines, columns } = drawPicture(picture, colorDepth);
    t.is(columns, 4);
    t.deepEqual(lines, ["  @@", "++  ", "@@  "]);
  }
});
