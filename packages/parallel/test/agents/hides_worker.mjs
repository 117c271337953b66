// A preload for which the program of the threads is not there, as in a bundle.
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, next) {
    if (!url.endsWith("/worker/worker.ts")) return next(url, context);
    throw Object.assign(new Error(`Cannot find module ${url}`), { code: "ERR_MODULE_NOT_FOUND" });
  },
});
