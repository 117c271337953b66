/** Which of the formats that are read a file begins as. */
export function pictureFormat(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\xff\xd8\xff")) return "JPEG";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "WebP";
  if (start.startsWith("GIF8")) return "GIF";
  return /^....ftyp(avif|avis|mif1|miaf)/s.test(start) ? "AVIF" : undefined;
}
