import { findGround } from "./ground.ts";
import type { LightPicture } from "./light.ts";
import { drawnParts, type Drawn } from "./drawn_parts.ts";

/** What is drawn in a picture, without what it is drawn on. */
export interface Ink extends Drawn {
  readonly width: number;
  readonly height: number;
  /** 0 where the ground is, 1 where a pen was. */
  readonly strength: Float32Array;
  /** Whether the picture is dark on light. */
  readonly isDark: boolean;
}

/** Weaker differences from the ground, as a share of all light, are no drawing. */
const faintest = 0.08;

/** Parts a drawing and its ground. Shades of the ground and noise go; how strongly a pen pressed stays. */
export function findInk(picture: LightPicture): Ink {
  const { width, height, light } = picture;
  const ground = findGround(picture);
  // What ink takes away is a share of the light, so that it is the same in the shade.
  const strength = light.map((value, i) => {
    const behind = ground.light[i];
    const share = ground.isLight ? 1 - value / Math.max(behind, 0.05) : (value - behind) / Math.max(1 - behind, 0.05);
    return Math.min(Math.max(share, 0), 1);
  });
  const sorted = strength.toSorted();
  const most = sorted[sorted.length - 1];
  // Half of all pixels and more are ground; what they differ from it by is noise.
  const noise = 5 * sorted[sorted.length >> 1];
  const inked = sorted.subarray(sorted.findLastIndex((value) => value < most / 2) + 1);
  const full = inked[Math.floor(inked.length / 2)];
  const isDark = ground.isLight;
  if (most < faintest) return { width, height, strength: new Float32Array(strength.length), isDark, box: undefined };
  const least = Math.min(noise, full / 2);
  for (const [i, value] of strength.entries()) {
    strength[i] = Math.min(Math.max((value - least) / (full - least), 0), 1);
  }
  return { width, height, isDark, ...drawnParts(strength, width, height) };
}
