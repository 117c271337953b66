import { DatasetError } from "./errors.ts";

/** Tells errors of the file system and of zlib, which carry a code, from our own and from bugs. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return (
    error instanceof Error && !(error instanceof DatasetError) && "code" in error && typeof error.code === "string"
  );
}
