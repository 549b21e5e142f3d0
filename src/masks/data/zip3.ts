/**
 * ZIP code areas, by their first three digits, of 20,000 people or fewer (45 CFR 164.514(b)(2)(i)(B)), by the censuses
 * of 2000 and 2010. What either lists goes by default.
 */
const SMALL_2000 = [
  ...["036", "059", "063", "102", "203", "556", "692", "790", "821"],
  ...["823", "830", "831", "878", "879", "884", "890", "893"],
];
const SMALL_2010 = [
  ...["036", "059", "102", "203", "205", "369", "556", "692", "821"],
  ...["823", "878", "879", "884", "893"],
];

export const SMALL_ZIP3 = {
  union: new Set([...SMALL_2000, ...SMALL_2010]),
  "2000": new Set(SMALL_2000),
  "2010": new Set(SMALL_2010),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;
