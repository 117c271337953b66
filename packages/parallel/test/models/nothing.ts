// Builds nothing.
export default 3;
