import test from "ava";
import { plannedEngines } from "./engines.ts";
import { testSameBits } from "./same_bits.ts";

for (const [name, engine] of Object.entries(plannedEngines)) testSameBits(test, name, engine);
