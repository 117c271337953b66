import config from "./ava.config.mjs";

export default {
  ...config,
  files: ["**/*.long.test.ts", "!**/dist/**", "!**/node_modules/**"],
  timeout: "30m",
};
