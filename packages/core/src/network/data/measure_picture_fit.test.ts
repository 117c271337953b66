import test from "ava";
import { randomUint32 } from "../random/random_uint32.ts";
import { measurePictureFit } from "./measure_picture_fit.ts";

const side = 28;
const shape = [side, side, 1] as const;
const draw = (i: number, most: number): number => randomUint32(1, 7, 0, i) % most;

/** Images of one box each, whose corner and size come from `box`. */
function boxes(box: (i: number) => readonly [x: number, y: number, width: number, height: number]): Uint8Array {
  const images = new Uint8Array(200 * side * side);
  for (let i = 0; i < 200; i++) {
    const [left, top, width, height] = box(i);
    for (let y = top; y < top + height; y++) {
      images.fill(250, (i * side + y) * side + left, (i * side + y) * side + left + width);
    }
  }
  return images;
}

const centered = boxes((i) => {
  const width = 4 + 2 * draw(i, 8);
  return [(side - width) / 2, 4, width, 20];
});
const inverted = (images: Uint8Array): Uint8Array => images.map((pixel) => 255 - pixel);

test("drawings of one size around their center of mass are ink, on the ground that they have", (t) => {
  const fit = { fit: "ink", size: 20, center: "mass" } as const;
  t.deepEqual(measurePictureFit({ images: centered, shape }), { ...fit, ground: "dark" });
  t.deepEqual(measurePictureFit({ images: inverted(centered), shape }), { ...fit, ground: "light" });
});

test("drawings whose boxes are centered and whose mass is not have the box as their center", (t) => {
  // A bar along the left edge of the box, and a thin line at the bottom.
  const bars = boxes(() => [4, 4, 6, 20]);
  const lines = boxes(() => [4, 23, 20, 1]);
  const images = bars.map((pixel, i) => Math.max(pixel, lines[i]));
  t.deepEqual(measurePictureFit({ images, shape }), { fit: "ink", ground: "dark", size: 20, center: "box" });
});

test("drawings that lie anywhere, or are of any size, are not moved", (t) => {
  const anywhere = boxes((i) => [draw(i, 8), draw(i + 300, 8), 20, 20]);
  t.deepEqual(measurePictureFit({ images: anywhere, shape }), { fit: "contain", ground: "dark" });
  const anySize = boxes((i) => {
    const size = 4 + 2 * draw(i, 10);
    return [(side - size) / 2, (side - size) / 2, size, size];
  });
  t.deepEqual(measurePictureFit({ images: anySize, shape }), { fit: "contain", ground: "dark" });
  t.deepEqual(measurePictureFit({ images: new Uint8Array(784), shape }), { fit: "contain", ground: "dark" });
});

test("pictures that fill the image have no ground", (t) => {
  const noise = Uint8Array.from({ length: 50 * side * side }, (_, i) => draw(i, 256));
  t.deepEqual(measurePictureFit({ images: noise, shape }), { fit: "cover" });
  t.deepEqual(measurePictureFit({ images: noise.subarray(0, 48 * 784), shape: [side, side, 3] }), { fit: "cover" });
  t.is(measurePictureFit({ images: new Float32Array(784), shape }), undefined);
});
