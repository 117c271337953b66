export default {
  files: [
    "packages/**/*.test.ts",
    "apps/**/*.test.ts",
    "benchmarks/**/*.test.ts",
    "test/**/*.test.ts",
    "!**/*.long.test.ts",
    "!**/dist/**",
  ],
  extensions: ["ts"],
  timeout: "2m",
};
