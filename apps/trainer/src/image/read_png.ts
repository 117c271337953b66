import { readFile, stat } from "node:fs/promises";
import { UsageError } from "../errors.ts";
import { toGrey, type GreyImage } from "./grey_image.ts";
import { essentialPng, type PngHeader } from "./png_chunks.ts";

/** Uncompressed, the largest image that is read; nothing that is compressed well comes near it. */
const mostBytes = 2 ** 27;

/**
 * Reads a PNG image as grey.
 *
 * @param path of the file
 * @param name how the user wrote it, for messages
 * @throws UsageError PNG_NOT_FOUND, PNG_UNREADABLE, PNG_TOO_LARGE, PNG_CORRUPT, PNG_UNSUPPORTED
 */
export async function readPng(path: string, name: string): Promise<{ header: PngHeader; image: GreyImage }> {
  const { header, bytes } = essentialPng(await readBounded(path, name), name);
  const { decode } = await import("fast-png");
  try {
    return { header, image: toGrey(decode(bytes, { checkCrc: true })) };
  } catch (cause) {
    throw new UsageError("PNG_CORRUPT", `${name} cannot be decoded: ${reason(cause)}. Give a whole PNG image.`, {
      cause,
    });
  }
}

async function readBounded(path: string, name: string): Promise<Buffer> {
  try {
    const stats = await stat(path);
    // A pipe or a device has no size to check, and may never end.
    if (!stats.isFile()) throw new UsageError("PNG_UNREADABLE", `${name} is not a file. Give the path of a PNG image.`);
    if (stats.size <= mostBytes) return await readFile(path);
    throw new UsageError(
      "PNG_TOO_LARGE",
      `${name} has ${stats.size} bytes; up to ${mostBytes} are read. Make it smaller.`,
    );
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new UsageError(
      missing ? "PNG_NOT_FOUND" : "PNG_UNREADABLE",
      missing ? `there is no file ${name}.` : `${name} cannot be read: ${reason(cause)}.`,
      { cause },
    );
  }
}

function reason(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/[.:]\s*$/, "");
}
