import test from "ava";
import { testSameBits } from "@convoy/core/test/same_bits";
import { tape } from "./engines.ts";

testSameBits(test, "tape", tape);
