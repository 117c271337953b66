/** The smallest box with all that is drawn: in it lie the pixels from left and top to before right and bottom. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Drawn {
  readonly strength: Float32Array;
  /** Nothing where nothing is drawn. */
  readonly box: Box | undefined;
}

/** From here on a pixel is drawn on. */
const drawn = 0.35;
/** Smaller parts, of the largest one, are specks of dust. */
const smallest = 0.03;

interface Part {
  readonly label: number;
  size: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Takes away what is not the drawing: specks, and the edge of the paper where the drawing stands free of it. */
export function drawnParts(strength: Float32Array, width: number, height: number): Drawn {
  const { labels, parts } = label(strength, width, height);
  const touches = ({ left, top, right, bottom }: Part): boolean =>
    left === 0 || top === 0 || right === width || bottom === height;
  const isLarge = ({ right, left, bottom, top }: Part): boolean =>
    Math.max(right - left, bottom - top) > 0.08 * Math.max(width, height);
  const free = parts.filter((part) => !touches(part));
  const candidates = free.some(isLarge) ? free : parts;
  const largest = candidates.reduce((most, { size }) => Math.max(most, size), 0);
  const kept = candidates.filter(({ size }) => size >= smallest * largest);
  if (kept.length === 0) return { strength: new Float32Array(strength.length), box: undefined };
  const keptLabels = new Set(kept.map((part) => part.label));
  // The soft edge of a stroke lies around it.
  const soft = Math.max(1, Math.round(Math.max(width, height) / 100));
  const left = Math.min(...kept.map((part) => part.left));
  const top = Math.min(...kept.map((part) => part.top));
  const right = Math.max(...kept.map((part) => part.right));
  const bottom = Math.max(...kept.map((part) => part.bottom));
  const only = new Float32Array(strength.length);
  for (let y = Math.max(0, top - soft); y < Math.min(height, bottom + soft); y++) {
    for (let x = Math.max(0, left - soft); x < Math.min(width, right + soft); x++) {
      const i = y * width + x;
      if (labels[i] === 0 || keptLabels.has(labels[i])) only[i] = strength[i];
    }
  }
  return { strength: only, box: { left, top, right, bottom } };
}

/** Numbers the parts that hang together, corners included. */
function label(strength: Float32Array, width: number, height: number): { labels: Int32Array; parts: Part[] } {
  const labels = new Int32Array(strength.length);
  const parts: Part[] = [];
  const open: number[] = [];
  for (let start = 0; start < strength.length; start++) {
    if (labels[start] !== 0 || strength[start] < drawn) continue;
    const part: Part = { label: parts.length + 1, size: 0, left: width, top: height, right: 0, bottom: 0 };
    parts.push(part);
    labels[start] = part.label;
    open.push(start);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      part.size++;
      part.left = Math.min(part.left, x);
      part.right = Math.max(part.right, x + 1);
      part.top = Math.min(part.top, y);
      part.bottom = Math.max(part.bottom, y + 1);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const next = v * width + u;
          if (labels[next] !== 0 || strength[next] < drawn) continue;
          labels[next] = part.label;
          open.push(next);
        }
      }
    }
  }
  return { labels, parts };
}
