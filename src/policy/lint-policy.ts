import { cardSpans } from "../detectors/card.ts";
import { usageError } from "../errors.ts";
import { globally } from "../masks/regex.ts";
import type { Warning } from "../types.ts";
import type { Policy } from "./decide.ts";
import { refuseForLook } from "./lint-cards.ts";
import { expressionIn } from "./match.ts";
import { patternProblem } from "./patterns.ts";
import { lookOf } from "./sensitive.ts";

/** A rule as it is written, with its mask's options. */
type Written = Readonly<Record<string, unknown>> & {
  readonly field?: string | undefined;
  readonly path?: string | undefined;
  readonly mask: string;
};

/**
 * What can be told of a policy before any input is opened.
 * @throws MasklineError (exit 2) where it must not be followed
 */
export function lintPolicy(policy: Policy, environment: string): Warning[] {
  const warnings: Warning[] = [...lintEnvironment(environment)];
  for (const [index, rule] of policy.rules.entries()) {
    const { field, path } = rule;
    const says = `rule ${index + 1}: ${field === undefined ? `path ${path}` : `field ${field}`}`;
    for (const text of rule.when?.is ?? []) {
      const expression = expressionIn(text);
      if (expression !== undefined) refusePattern(expression, "iu", `policy.rules[${index}].when`);
    }
    for (const { rule: one, at } of withinDocuments(rule as Written, `policy.rules[${index}]`)) {
      if (one.mask === "regex") {
        const { patterns } = one as unknown as { patterns: readonly { match: string; flags: string }[] };
        for (const { match, flags } of patterns) refusePattern(match, globally(flags), at);
      }
      // A document's values have no column of their own, so that their rules' words must do.
      if (one !== rule) refuseForLook(lookOf(lastName(one)), one, `checking ${at}`, says, "configure");
      refuseCards(one, at);
      warnings.push(...lintTexts(one).map((warning) => ({ rule: says, ...warning })));
    }
  }
  return warnings;
}

/** A rule, and those that its mask has for documents inside of values. */
function withinDocuments(rule: Written, at: string): { rule: Written; at: string }[] {
  const inner = (rule.mask === "json" ? rule.rules : []) as readonly Written[];
  return [{ rule, at }, ...inner.flatMap((one, index) => withinDocuments(one, `${at}.rules[${index}]`))];
}

function lastName({ field, path }: Written): string {
  return (field ?? path ?? "").split(/[.[\]{}]+/).findLast((part) => part !== "") ?? "";
}

function refusePattern(match: string, flags: string, at: string): void {
  const problem = patternProblem(match, flags);
  if (problem) throw usageError(`checking ${at}: ${problem}`);
}

/** Names that many have: what two sandboxes of one name and key hold can be joined. */
const SHARED =
  /^(?:|prod|production|prd|live|default|test|tests|testing|dev|development|stage|staging|qa|uat|sandbox|local|localhost|env|environment|changeme)$/i;

function lintEnvironment(environment: string): Warning[] {
  if (!SHARED.test(environment.trim())) return [];
  return [
    {
      message:
        `environment: "${environment}" is a name that many have; sandboxes of one name and key share their tokens, ` +
        "so that what they hold can be joined: give each its own",
      clause: "ISO/IEC 20889 pseudonymization",
    },
  ];
}

/** RFC 2606: nobody's, today and later. */
const RESERVED = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test|localhost)$/i;
const MAIL_HOST = /[^\s@]@([\p{L}\p{N}.-]{1,253})/gu;

/** What a rule writes in place of values. */
function textsOf({ mask, with: by, patterns }: Written): string[] {
  const texts = [by, ...((mask === "regex" ? patterns : []) as readonly { with?: unknown }[]).map((one) => one.with)];
  return texts.filter((text) => typeof text === "string");
}

/** A replacement must not be a live card number: PCI DSS 6.5.5. */
function refuseCards(rule: Written, at: string): void {
  if (textsOf(rule).every((text) => cardSpans(text).length === 0)) return;
  throw usageError(
    `checking ${at}: what it writes passes for a card number, which may be somebody's (PCI DSS 6.5.5); ` +
      "write one with a wrong check digit, or none",
  );
}

/** What a rule writes into the output, and what it leaves. */
function lintTexts(rule: Written): Omit<Warning, "rule">[] {
  const { mask, keep } = rule;
  const hosts = textsOf(rule)
    .flatMap((text) => [...text.matchAll(MAIL_HOST)].map(([, host]) => host!.replace(/[.-]+$/, "")))
    .filter((host) => host.includes(".") && !RESERVED.test(host));
  const warnings = [...new Set(hosts)].map((host) => ({
    message: `writes addresses at ${host}, which is somebody's: mail from the sandbox would arrive; use example.com or .invalid`,
    clause: "RFC 2606",
  }));
  if (mask === "email" && keep === "domain") {
    warnings.push({
      message:
        "lets real mail domains stay: they tell of small companies, and mail from the sandbox would be sent there",
      clause: "RFC 2606",
    });
  }
  if (mask === "salted-hash") {
    warnings.push({
      message: "hashes without a key: who knows the environment's name finds values by trying them; use token",
      clause: "ISO/IEC 20889 pseudonymization",
    });
  }
  return warnings;
}
