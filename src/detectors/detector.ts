/** Finds one kind of identifier in free text. */
export interface Detector {
  readonly name: string;
  /** Stands in the text in place of a hit. */
  readonly label: string;
  /** Candidates, with the g flag; consumes at least one character and backtracks a bounded number of steps. */
  readonly pattern: RegExp;
  /** The same for ASCII text, where it can be simpler. */
  readonly ascii?: RegExp;
  /**
   * The candidate with its hits replaced, and how many there were. A candidate without a hit comes back as it is.
   * Without this function every candidate is a hit.
   */
  readonly replace?: (candidate: string, by: string) => { text: string; hits: number };
}
