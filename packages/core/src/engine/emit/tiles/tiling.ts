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

/**
 * Cuts channels into full panels and what is left in one: of one to four channels in one vector, five to eight in two, more in
 * a full panel. A narrow panel needs a value for each multiply-add, so that two of them are slower than one with idle lanes.
 */
export function panelsOf(channels: number, panelVectors: PanelVectors): Panels[] {
  const lanes = panelVectors * 4;
  const full = { count: Math.floor(channels / lanes), vectors: panelVectors, channels: lanes };
  const left = channels % lanes;
  const last = { count: left > 0 ? 1 : 0, vectors: left > 8 ? panelVectors : left > 4 ? 2 : 1, channels: left };
  return [full, last].filter(({ count }) => count > 0);
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
