// A preload that ends its thread.
import process from "node:process";
import { isMainThread } from "node:worker_threads";

if (!isMainThread) process.exit(7);
