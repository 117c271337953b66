export * from "./step/index";
export * from "./tape/index";
