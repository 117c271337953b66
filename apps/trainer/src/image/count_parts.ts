/**
 * Counts the parts of a picture's file that a decoder keeps, or warns of, one by one: texts, profiles, whatever is unknown. A
 * part can be nothing but its own head, and take a hundred times that in the decoder.
 *
 * @param format as `pictureFormat` says it
 * @returns at least the number of parts where it is below `most`, else something above it
 */
export function countParts(bytes: Uint8Array, format: string, most: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (format === "PNG") return countChunks(view, most);
  if (format === "WebP") return countRiff(view, most);
  return format === "JPEG" ? countMarkers(view, most) : 0;
}

/** Pixels may be cut into any number of chunks, which are read one after the other and gone. */
function countChunks(view: DataView, most: number): number {
  const pixels = 0x49444154;
  let count = 0;
  for (let at = 8; at + 8 <= view.byteLength && count <= most; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) !== pixels) count++;
  }
  return count;
}

function countRiff(view: DataView, most: number): number {
  let count = 0;
  for (let at = 12; at + 8 <= view.byteLength && count <= most; count++) {
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return count;
}

/** Also those between two scans of a picture. Where a length makes no sense, the next marker is looked for. */
function countMarkers(view: DataView, most: number): number {
  let count = 0;
  for (let at = 2; at + 4 <= view.byteLength && count <= most;) {
    const marker = view.getUint8(at + 1);
    const isMarker = view.getUint8(at) === 0xff && marker !== 0xff && marker !== 0;
    const isRestart = marker >= 0xd0 && marker <= 0xd7;
    if (isMarker && !isRestart) count++;
    at += isMarker && !isRestart ? 2 + Math.max(view.getUint16(at + 2), 2) : 1;
  }
  return count;
}
