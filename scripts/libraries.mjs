/** The packages that are published as libraries. */
export const libraries = ["core", "tfjs", "parallel", "datasets"];
