import { wildcard } from "../wildcard.ts";
import type { Leaf } from "./leaves.ts";

/** What a rule points at. */
export interface Target {
  readonly field?: string | undefined;
  readonly path?: string | undefined;
}

/** A rule matches a leaf: wholly, or only the map entries whose key matches `keys`, or looks so. */
export type Match = { readonly keys?: RegExp; readonly looks?: string } | undefined;

/** Compiles a rule's target into a test of leaves. */
export function matcher(target: Target): (leaf: Leaf) => Match {
  if (target.field !== undefined) {
    const name = caseless(target.field);
    return (leaf) => (name.test(leaf.name) ? {} : undefined);
  }
  const path = target.path ?? "";
  // A map's key pattern stands in braces at the end: attributes{*ssn*}.
  const keyed = /^(.*)\{([^{}]+)\}$/s.exec(path);
  if (!keyed) {
    const whole = caseless(path);
    return (leaf) => (whole.test(leaf.path) ? {} : undefined);
  }
  const [, base = "", key = ""] = keyed;
  const values = caseless(`${base}{}`);
  const keys = /^\*+$/.test(key) ? undefined : caseless(key);
  return (leaf) => (leaf.inMap && values.test(leaf.path) ? (keys ? { keys } : {}) : undefined);
}

/**
 * The source of a pattern for what a value may be: any of texts in which `*` stands for any characters, or of regular
 * expressions between slashes.
 */
export function anyOf(texts: readonly string[]): string {
  return texts.map((text) => expressionIn(text) ?? wildcard(text)).join("|");
}

/** The regular expression of a text that stands between slashes. */
export function expressionIn(text: string): string | undefined {
  return /^\/(.+)\/$/s.exec(text)?.[1];
}

/** The source of a pattern for this key only. */
export function exactly(key: string): string {
  return `^${key.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$`;
}

/** The text that the source of a pattern came from, to show it. */
export function textOf(source: string): string {
  return source
    .replace(/^\^|\$$/g, "")
    .replaceAll("[^]*", "*")
    .replace(/\\(.)/g, "$1");
}

function caseless(text: string): RegExp {
  return new RegExp(wildcard(text), "iu");
}

/** Names compared without case, `_`, `-` and spaces: phone_number is phoneNumber. */
export function sameName(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

/** A test of names compared so, in which `*` stands for any characters. */
export function looseName(pattern: string): (name: string) => boolean {
  const wanted = bare(pattern);
  if (!wanted.includes("*")) return (name) => bare(name) === wanted;
  const test = new RegExp(wildcard(wanted), "iu");
  return (name) => test.test(bare(name));
}

function bare(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}
