/** Tiles of one size, side by side. */
export interface Tiles {
  readonly size: number;
  readonly count: number;
}

/** Cuts `length` into as few tiles of at most `most` as there can be, their sizes differing by one at most. */
export function balanced(length: number, most: number): Tiles[] {
  const count = Math.ceil(length / most);
  const size = Math.floor(length / count);
  const larger = length - size * count;
  return [
    { size: size + 1, count: larger },
    { size, count: count - larger },
  ].filter((tiles) => tiles.count > 0);
}

/** Vectors of four floats in a full panel: 2 narrow, 4 wide. */
export type PanelVectors = 2 | 4;

/** Channels in panels that work on so many vectors. */
export interface Panels {
  readonly count: number;
  readonly vectors: number;
  readonly channels: number;
}

/** Cuts channels into full panels and what is left: eight, five to seven in two vectors, one to four in one. */
export function panelsOf(channels: number, panelVectors: PanelVectors): Panels[] {
  const lanes = panelVectors * 4;
  const panels: Panels[] = [{ count: Math.floor(channels / lanes), vectors: panelVectors, channels: lanes }];
  for (let left = channels % lanes; left > 0; left -= 8) {
    panels.push({ count: 1, vectors: left > 4 ? 2 : 1, channels: Math.min(left, 8) });
  }
  return panels.filter(({ count }) => count > 0);
}

/** Bytes of a [inner, channels] matrix in panels. */
export function panelBytes(inner: number, channels: number, panelVectors: PanelVectors): number {
  const vectors = panelsOf(channels, panelVectors).reduce((sum, panel) => sum + panel.count * panel.vectors, 0);
  return inner * vectors * 16;
}

/** Registers that V8 leaves to a kernel. */
export const registers = 15;

/** Registers that vectors side by side take: V8 fuses two of a wide kernel into one. */
export function registersOf(vectors: number, panelVectors: PanelVectors): number {
  return panelVectors === 4 ? Math.ceil(vectors / 2) : vectors;
}

/**
 * Rows of sums that fit into the registers beside the factors and one value. Sixteen registers leave twelve for sums;
 * fewer than eight in use cannot hide the four cycles that a multiply-add takes.
 */
export function tileRows(vectors: number, panelVectors: PanelVectors): number {
  return Math.floor(12 / registersOf(vectors, panelVectors));
}
