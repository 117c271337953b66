export default {
  files: ["**/*.long.test.ts", "!**/dist/**", "!**/node_modules/**"],
  extensions: ["ts"],
  timeout: "30m",
};
