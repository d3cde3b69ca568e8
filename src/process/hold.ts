/** How a process and everything it started are reached. */
export interface Hold {
  /** Asks everything to end. */
  terminate(): void;
  /** Ends everything that is known of. */
  kill(): void;
  /** After the end of the process itself: ends what it left behind, and waits until that is gone. */
  clear(): Promise<void>;
}
