// `import "@convoy/tfjs/register"`: makes tfjs's backend 'wasm' train. See `register`.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { register } from "./mend/register.ts";

register(tf);
