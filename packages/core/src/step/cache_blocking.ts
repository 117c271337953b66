/** Weights that are worked on together should fill no more of the first-level cache (32 KiB and up) than this. */
const panelBytes = 8 * 1024;
const groupBytes = 16 * 1024;

/** Floats in a row of a matrix product that is cut into equal rows; longer ones would push panels out of the cache. */
const rowFloats = { least: 64, most: 256 };

export interface Blocking {
  readonly rowBlock: number;
  readonly panelGroup: number;
}

/** How many window rows and panels `convolve` works on together. It changes no bit of the result. */
export function cacheBlocking(rows: number, segment: number, wholeRows: boolean): Blocking {
  const rowBytes = segment * 8 * 4;
  const rowBlock = wholeRows ? rows : Math.min(rows, Math.max(1, Math.floor(panelBytes / rowBytes)));
  return { rowBlock, panelGroup: Math.max(1, Math.floor(groupBytes / (rowBlock * rowBytes))) };
}

/** Cuts the inner dimension of a matrix product into equal rows, where a divisor of a good size exists. */
export function splitRow(length: number): { rows: number; segment: number } {
  for (let segment = Math.min(length, rowFloats.most); segment >= rowFloats.least; segment--) {
    if (length % segment === 0) return { rows: length / segment, segment };
  }
  return { rows: 1, segment: length };
}
