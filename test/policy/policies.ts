import { parseConfig } from "../../src/config/load.ts";
import { Decider } from "../../src/policy/decide.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import type { Field, Kind, LeafDecision } from "../../src/types.ts";

export function field(name: string, kind: Kind = "utf8", ...children: Field[]): Field {
  return { name, kind, children };
}

export const key = field("key");

/** A policy as the configuration gives it, with every default. */
export function policyOf(rules: string, more = ""): Decider {
  return new Decider(configOf(rules, more).policy);
}

export function configOf(rules: string, more = "") {
  return parseConfig(
    `environment: test\nkey: { env: KEY }\ninput: a.parquet\noutput: out\npolicy:\n  rules: [${rules}]\n  ${more}`,
    "maskline.yaml",
  );
}

export function decisionFor(rules: string, leaf: Field, more?: string): LeafDecision {
  return policyOf(rules, more).decide(leavesOf([leaf])[0]!);
}
