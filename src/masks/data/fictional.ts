/** Numbers from `prefix + first` to `prefix + last`, in E.164 form without plus. */
export type Range = readonly [prefix: string, first: string, last: string];

interface Plan {
  /** National numbers, without trunk zero, that are mobile. */
  readonly mobile: RegExp;
  readonly mobiles: readonly Range[];
  readonly others: readonly Range[];
}

const thousand = (prefix: string): Range => [prefix, "000", "999"];
const tenThousand = (prefix: string): Range => [prefix, "0000", "9999"];

const SWEDISH: readonly Range[] = [["467017406", "05", "99"]];
const IRISH: readonly Range[] = [["3532091", "00000", "99999"]];

/** Ranges that regulators keep for radio, film, books and documentation, by calling code. */
export const FICTIONAL: Readonly<Record<string, Plan>> = {
  /** ARCEP, numbering plan 2.5.12. */
  "33": {
    mobile: /^[67]/,
    mobiles: [tenThousand("3363998")],
    others: ["19900", "26191", "35301", "46571", "53649"].map((prefix) => tenThousand(`33${prefix}`)),
  },
  /** Ofcom, numbers for use in TV and radio drama. */
  "44": {
    mobile: /^7[1-57-9]/,
    mobiles: [thousand("447700900")],
    others: ["2079460", "1632960", "1134960", "1214960", "1314960", "1414960", "1614960"].map((prefix) =>
      thousand(`44${prefix}`),
    ),
  },
  /** PTS: of its landlines too, since these are of four towns only. */
  "46": { mobile: /^7/, mobiles: SWEDISH, others: SWEDISH },
  /** Bundesnetzagentur, Mitteilung 148/2021. */
  "49": {
    mobile: /^1[567]/,
    mobiles: [
      ["4917139200", "00", "99"],
      ["49176040690", "00", "99"],
    ],
    others: ["3023125", "6990009", "4066969", "2214710", "8999998"].map((prefix) => thousand(`49${prefix}`)),
  },
  /** ACMA, numbers for use in radio, film and television. */
  "61": {
    mobile: /^4/,
    mobiles: [
      ["61491570", "156", "159"],
      ["61491570", "110", "110"],
    ],
    others: ["2", "3", "7", "8"].flatMap((area) => [tenThousand(`61${area}5550`), tenThousand(`61${area}7010`)]),
  },
  /** ComReg: 020 91X XXXX, of mobiles too. */
  "353": { mobile: /^8/, mobiles: IRISH, others: IRISH },
};

const areas = (list: string) => list.split(" ");

/** Area codes of the United States, some of them: where a number is from within the country is not kept. */
export const UNITED_STATES: readonly string[] = areas(
  "201 202 206 212 213 214 215 216 303 305 312 313 314 315 401 402 404 405 407 412 415 501 502 503 504 505 512 513 515 " +
    "601 602 603 605 612 614 615 617 619 701 702 703 704 713 716 718 801 802 803 808 812 816 901 907 913 914 919",
);

export const CANADA: ReadonlySet<string> = new Set(
  areas(
    "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 460 468 474 506 514 519 " +
      "537 548 568 579 581 584 587 600 604 613 622 633 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 " +
      "879 902 905 942",
  ),
);

/** Zone 1 beside the two: an area code, or a few, for each country or territory. */
export const CARIBBEAN: ReadonlySet<string> = new Set(
  areas("242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939"),
);
