/** A leaf's values before they were masked, each read as it is asked for. */
export interface SourceValues {
  /** Null, or no number that JSON can hold. */
  isNull(at: number): boolean;
  /** The empty text; not of what is null. */
  isEmpty(at: number): boolean;
  text(at: number): string | null;
  /** Whether this is its text. */
  is(at: number, text: string): boolean;
}
