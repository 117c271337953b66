import { TfjsError } from "../errors.ts";

/** Not in one piece: a bundler would look for a package that most programs do not have, and fail. */
const name = ["@tensorflow", "tfjs-layers"].join("/");

/**
 * tfjs-layers, an optional peer, where a model of it is trained.
 *
 * @throws `BACKEND_UNAVAILABLE` when it is not installed
 */
export async function importLayers(): Promise<typeof import("@tensorflow/tfjs-layers")> {
  try {
    return (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ name
    )) as typeof import("@tensorflow/tfjs-layers");
  } catch (cause) {
    throw new TfjsError(
      "BACKEND_UNAVAILABLE",
      `${name} cannot be imported: ${String(cause)}. Install ${name} 4.22 beside @convoy/core; in a bundle, leave both outside.`,
      { cause },
    );
  }
}
