export * from "./step/index";
