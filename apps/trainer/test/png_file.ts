import { crc32, deflateSync } from "node:zlib";

/** One chunk of a PNG: length, type, data, checksum. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** @param color 0 grey, 2 color, 3 palette, 4 and 6 with opacity */
export function header(width: number, height: number, depth: number, color: number, interlace = 0): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, color, 0, 0, interlace], 8);
  return data;
}

export const pngSignature: Buffer = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/**
 * A PNG file, written out by hand.
 *
 * @param lines each begins with the number of its filter
 * @param others chunks before the pixels
 */
export function png(
  data: Uint8Array,
  lines: Uint8Array,
  ...others: readonly (readonly [type: string, data: Uint8Array])[]
): Buffer {
  const before = others.map(([type, content]) => chunk(type, content));
  const idat = chunk("IDAT", deflateSync(lines));
  return Buffer.concat([pngSignature, chunk("IHDR", data), ...before, idat, chunk("IEND", new Uint8Array(0))]);
}

/** That many zeros, compressed. */
export function zeros(count: number): Buffer {
  return deflateSync(Buffer.alloc(count));
}
