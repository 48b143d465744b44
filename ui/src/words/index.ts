export { en as words } from "./en";
export type { Piece, Words } from "./words";
