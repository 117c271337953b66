import type { TextBlock } from "./text_block.ts";

/** A grey picture: one byte a pixel, row by row, 0 black and 255 white. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** From empty to full, for what has no colors. */
const shades = " .:-=+*#%@";
const reset = "\x1b[0m";

/**
 * Draws a picture as lines of text: two pixels a character cell, or two characters a pixel without colors, because a
 * cell is about twice as high as it is wide.
 *
 * @param colorDepth bits of color of the terminal; 8 and 24 give greys, less gives letters
 */
export function drawPicture({ width, height, pixels }: Picture, colorDepth: number): TextBlock {
  if (colorDepth < 8) {
    const rows = rowsOf(height, 1, (y) => {
      const row = Array.from(pixels.subarray(y * width, (y + 1) * width), (grey) => shade(grey).repeat(2));
      return row.join("");
    });
    return { lines: rows, columns: 2 * width };
  }
  const lines = rowsOf(height, 2, (y) => {
    let line = "";
    for (let x = 0; x < width; x++) {
      const upper = pixels[y * width + x];
      const lower = y + 1 < height ? pixels[(y + 1) * width + x] : 0;
      line += `\x1b[38;${color(upper, colorDepth)};48;${color(lower, colorDepth)}m▀`;
    }
    return line + reset;
  });
  return { lines, columns: width };
}

function rowsOf(height: number, step: number, draw: (y: number) => string): string[] {
  return Array.from({ length: Math.ceil(height / step) }, (_, row) => draw(row * step));
}

function shade(grey: number): string {
  return shades[Math.round((grey / 255) * (shades.length - 1))];
}

/** The color of a grey in a terminal's escape sequence: true color, or the ramp of 24 greys between 16 and 231. */
function color(grey: number, colorDepth: number): string {
  if (colorDepth >= 24) return `2;${grey};${grey};${grey}`;
  const step = Math.round((grey / 255) * 25);
  return `5;${step === 0 ? 16 : step === 25 ? 231 : 231 + step}`;
}
