/** A start command found in the project. */
export interface Discovered {
  /** Shell command; may use `$PORT`. */
  readonly command: string;
  /** Port it listens on when it ignores `PORT`; null when nothing tells. */
  readonly port: number | null;
  /** File it was found in. */
  readonly source: string;
}
