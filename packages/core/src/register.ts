// `import "@convoy/core/register"`: makes tfjs's backend 'wasm' train. See `register`.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { register } from "./tfjs/register.ts";

register(tf);
