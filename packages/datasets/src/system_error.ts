import { DatasetError } from "./errors.ts";

/** Tells errors of the file system and of zlib, which carry a code, from our own and from bugs. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return (
    error instanceof Error && !(error instanceof DatasetError) && "code" in error && typeof error.code === "string"
  );
}

/** What to do about a file or folder that is there and cannot be read. */
export function cureOf({ code }: { readonly code?: string | undefined }): string {
  return code === "EMFILE" || code === "ENFILE"
    ? "Raise the limit of open files (ulimit -n)."
    : "Check its permissions.";
}
