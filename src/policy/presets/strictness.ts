import type { Case, Decision } from "../../types.ts";

/** What one preset says of a leaf. */
interface Said {
  readonly decision?: Decision;
  readonly cases: readonly Case[];
}

/**
 * What several presets together say of a leaf: the strictest, whichever is listed first; of equals the first listed. A
 * preset's case for some of the values stands only where no other preset is stricter on all of them.
 */
export function strictest(presets: readonly Said[]): Said {
  const finals = presets.flatMap(({ decision }) => (decision ? [decision] : []));
  const cases = presets.flatMap((one) => {
    const others = presets.filter((other) => other !== one).flatMap(({ decision }) => (decision ? [decision] : []));
    const bound = Math.min(...others.map(leaves));
    return one.cases.filter(({ decision }) => leaves(decision) <= bound);
  });
  const several = presets.filter((one) => one.cases.length > 0).length > 1;
  const [decision] = finals.toSorted((a, b) => leaves(a) - leaves(b));
  const bound = decision ? leaves(decision) : Number.POSITIVE_INFINITY;
  // Presets that say the same of a leaf are all served.
  const equals = finals.filter((one) => decision && leaves(one) === leaves(decision) && one.clause !== undefined);
  const clause = [...new Set(equals.map((one) => one.clause))].join("; ");
  return {
    ...(decision && { decision: { ...decision, clause } }),
    cases: together(several ? cases.toSorted((a, b) => leaves(a.decision) - leaves(b.decision)) : cases, bound),
  };
}

/** Cases by what a key looks like, where they are stricter than what the rest gets; those of one mask are one. */
function together(cases: readonly Case[], bound: number): Case[] {
  const merged: Case[] = [];
  const first = new Map<string, number>();
  for (const one of cases) {
    const { looks, decision } = one;
    if (looks && leaves(decision) >= bound) continue;
    const id = looks && JSON.stringify([decision.mask, decision.options, one.when]);
    const before = id === undefined ? undefined : first.get(id);
    if (before === undefined) {
      if (id !== undefined) first.set(id, merged.length);
      merged.push(one);
    } else {
      const known = merged[before]!;
      const clause = [...new Set([known.decision.clause, decision.clause])].join("; ");
      merged[before] = { ...known, looks: [...known.looks!, ...looks!], decision: { ...known.decision, clause } };
    }
  }
  return merged;
}

/**
 * How much of a value a decision leaves, as a rank: nothing, nothing of what was found, a coarser value, a code that
 * tells equals, a part, the rest of a text, all of it.
 */
function leaves({ mask, options }: Decision): number {
  const { keep } = options;
  const kept = keep !== undefined && keep !== "none";
  const rank = ORDER.indexOf(kept ? `${mask} ${String(keep)}` : mask);
  return rank === -1 ? ORDER.indexOf("name") : rank;
}

const ORDER: readonly string[] = [
  ..."drop null replace pan phone".split(" "),
  ..."age zip date number ip".split(" "),
  ..."token email name fpe salted-hash".split(" "),
  ...["pan last4", "pan bin+last4", "phone country", "email domain"],
  ..."regex scan json keep".split(" "),
];
