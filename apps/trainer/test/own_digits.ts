import sharp, { type Sharp } from "sharp";

const side = 28;

/** One way in which somebody shows a digit. */
export type Draw = (digit: Uint8Array) => Promise<Buffer>;

interface Sheet {
  readonly width: number;
  readonly height: number;
  /** Where the digit lies, and how large. */
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** The digits of MNIST as people draw or photograph them. */
export const kinds: Readonly<Record<string, Draw>> = {
  same: (digit) => grey(digit, side).png().toBuffer(),
  shift: (digit) => onSheet(digit, { width: 28, height: 28, left: 5, top: 4, size: 28 }, (ink) => 255 * ink),
  paper: (digit) => onSheet(digit, { width: 280, height: 280, left: 0, top: 0, size: 280 }, (ink) => 255 * (1 - ink)),
  tight: (digit) =>
    onSheet(cropped(digit), { width: 0, height: 0, left: 0, top: 0, size: 10 }, (ink) => 255 * (1 - ink)),
  corner: (digit) =>
    onSheet(digit, { width: 280, height: 280, left: 160, top: 160, size: 112 }, (ink) => 255 * (1 - ink)),
  small: (digit) => onSheet(digit, { width: 280, height: 280, left: 84, top: 84, size: 112 }, (ink) => 255 * (1 - ink)),
  wide: (digit) => onSheet(digit, { width: 600, height: 280, left: 160, top: 0, size: 280 }, (ink) => 255 * (1 - ink)),
  photo: (digit) =>
    onSheet(digit, { width: 280, height: 280, left: 0, top: 0, size: 280 }, (ink, x, y) => {
      return (150 + (65 * x) / 280 + noise(x, y)) * (1 - 0.75 * ink);
    }),
  shadow: (digit) =>
    onSheet(digit, { width: 400, height: 300, left: 90, top: 40, size: 220 }, (ink, x, y) => {
      const shade = 165 + 55 * Math.tanh((x + y / 2 - 260) / 12);
      return (shade + noise(x, y)) * (1 - 0.7 * ink);
    }),
  chalk: (digit) =>
    onSheet(
      digit,
      { width: 300, height: 300, left: 10, top: 10, size: 280 },
      (ink, x, y) => 40 + 170 * ink + noise(x, y),
    ),
  far: (digit) =>
    onSheet(digit, { width: 1200, height: 700, left: 800, top: 380, size: 200 }, (ink, x, y) => {
      return (140 + 80 * Math.exp(-((x - 400) ** 2 + (y - 200) ** 2) / 400_000) + noise(x, y)) * (1 - 0.7 * ink);
    }),
};

function noise(x: number, y: number): number {
  return ((Math.imul(x * 7919 + y, 0x9e3779b9) >>> 20) % 13) - 6;
}

function grey(pixels: Uint8Array, width: number): Sharp {
  return sharp(pixels, { raw: { width, height: pixels.length / width, channels: 1 } });
}

interface Cropped extends Uint8Array {
  readonly columns?: number;
}

/** Cut to its ink. */
function cropped(digit: Uint8Array): Cropped {
  const drawn = Array.from(digit.keys()).filter((i) => digit[i] > 30);
  const columns = drawn.map((i) => i % side);
  const rows = drawn.map((i) => Math.floor(i / side));
  const [left, right] = [Math.min(...columns), Math.max(...columns) + 1];
  const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1];
  const cut = Array.from({ length: bottom - top }, (_, y) => [
    ...digit.subarray((top + y) * side + left, (top + y) * side + right),
  ]);
  return Object.assign(Uint8Array.from(cut.flat()), { columns: right - left });
}

/** @param shade 0 to 255, of a place with so much ink, 0 to 1 */
async function onSheet(
  digit: Cropped,
  sheet: Sheet,
  shade: (ink: number, x: number, y: number) => number,
): Promise<Buffer> {
  const columns = digit.columns ?? side;
  const scale = digit.columns === undefined ? sheet.size / side : sheet.size;
  const [inner, innerRows] = [Math.round(columns * scale), Math.round((digit.length / columns) * scale)];
  const width = sheet.width === 0 ? inner : sheet.width;
  const height = sheet.height === 0 ? innerRows : sheet.height;
  const enlarged = await grey(digit, columns)
    .resize(inner, innerRows, { kernel: "cubic", fit: "fill" })
    .greyscale()
    .raw()
    .toBuffer();
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [u, v] = [x - sheet.left, y - sheet.top];
    const ink = u >= 0 && v >= 0 && u < inner && v < innerRows ? enlarged[v * inner + u] / 255 : 0;
    return Math.min(Math.max(Math.round(shade(ink, x, y)), 0), 255);
  });
  return grey(pixels, width).png({ compressionLevel: 1 }).toBuffer();
}
