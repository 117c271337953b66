import test from "ava";
import { testLeaks } from "./leaks.ts";

testLeaks(test, 2000);
