import sharp from "sharp";

/** A small picture with noise in it, in each format and some of their variants. */
export async function soundPictures(): Promise<Uint8Array[]> {
  const pixels = Uint8Array.from({ length: 31 * 22 * 3 }, (_, i) => (Math.imul(i, 0x9e3779b9) >>> 17) & 255);
  const picture = sharp(pixels, { raw: { width: 31, height: 22, channels: 3 } });
  return Promise.all([
    picture.clone().png().toBuffer(),
    picture.clone().png({ palette: true, progressive: true }).toBuffer(),
    picture.clone().jpeg().toBuffer(),
    picture.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().gif().toBuffer(),
  ]);
}
