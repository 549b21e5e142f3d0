/** Whom a bucket's policy lets in: judged from the document alone. */
import { accountOfArn, entriesOf, type Narrowing, narrowingOf } from "./bucket-conditions.ts";
import { type Judgement, refused, warning } from "./bucket-finding.ts";

const UNREADABLE = "has a policy that cannot be read";
const REWRITE = "look at it (aws s3api get-bucket-policy) and write it anew";
const NARROW =
  "take the statement out, name principals, or narrow it to fixed values of aws:SourceVpce, aws:SourceIp or " +
  "aws:PrincipalAccount";
const TRUST = "take it out, or name it in genesys.buckets.allow";

/**
 * Statements that allow are judged each for itself: what another one denies does not close them. What is not
 * understood counts as open.
 * @param document - the policy, JSON
 * @param trusted - accounts (and canonical user ids) that may be named: the bucket's own, and those allowed on purpose
 */
export function judgePolicy(document: string, trusted: ReadonlySet<string>): Judgement[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    return [refused("policy", UNREADABLE, REWRITE)];
  }
  const statements = memberOf(parsed, "statement");
  if (typeof statements !== "object" || statements === null) return [refused("policy", UNREADABLE, REWRITE)];
  return [statements].flat().flatMap((statement, index) => judgeStatement(statement, index + 1, trusted));
}

/** Names of elements are of any case. */
function memberOf(value: unknown, name: string): unknown {
  return entriesOf(value).find(([key]) => key.toLowerCase() === name)?.[1];
}

function judgeStatement(statement: unknown, number: number, trusted: ReadonlySet<string>): Judgement[] {
  if (memberOf(statement, "effect") === "Deny") return [];
  const sid = memberOf(statement, "sid");
  const named = typeof sid === "string" && /^\w+$/.test(sid) ? `statement ${sid}` : `statement ${number}`;
  if (memberOf(statement, "notprincipal") !== undefined) {
    const what = `has a policy that lets in everybody but a few (NotPrincipal with Allow in ${named})`;
    return [refused("policy", what, "name those who may with Principal instead")];
  }
  const narrowing = narrowingOf(memberOf(statement, "condition"));
  const judged = principalsOf(memberOf(statement, "principal")).map((one) => judge(one, narrowing, named, trusted));
  return judged.filter((one) => one !== undefined);
}

interface Principal {
  /** In lower case: aws, service, federated, canonicaluser. */
  readonly kind: string;
  readonly id: string;
}

const EVERYBODY: Principal = { kind: "aws", id: "*" };

/** A statement without a principal that can be read is everybody's. */
function principalsOf(element: unknown): Principal[] {
  const named = entriesOf(element).flatMap(([kind, ids]) =>
    [ids].flat().map((id) => (typeof id === "string" ? { kind: kind.toLowerCase(), id } : EVERYBODY)),
  );
  return named.length > 0 ? named : [EVERYBODY];
}

function judge(
  { kind, id }: Principal,
  narrowing: Narrowing,
  statement: string,
  trusted: ReadonlySet<string>,
): Judgement | undefined {
  const account = accountOf(kind, id);
  if (id === "*" || account.includes("*")) return judgeEverybody(narrowing, statement, trusted);
  if (trusted.has(account)) return undefined;
  if (kind === "service" && account !== CLOUDFRONT) return judgeService(id, narrowing, statement, trusted);
  if (kind === "federated" && account === id) {
    return refused("policy", `has a policy that lets in whoever has an account at ${shown(id)} (${statement})`, NARROW);
  }
  const who = account === id || account === "" ? shown(id) : `account ${shown(account)}`;
  return refused("policy", `has a policy that lets in ${who} (${statement})`, TRUST);
}

/** Distributions serve to the internet what they may read; they come as a service, or as users of an account of this name. */
const CLOUDFRONT = "cloudfront";

/** A principal's account; the principal itself where it does not tell. */
function accountOf(kind: string, id: string): string {
  if (kind === "service" && /^cloudfront\./i.test(id)) return CLOUDFRONT;
  return id.startsWith("arn:") ? accountOfArn(id) : id;
}

function judgeEverybody(narrowing: Narrowing, statement: string, trusted: ReadonlySet<string>): Judgement | undefined {
  if (!narrowing.narrow) return refused("policy", `has a policy that lets in everybody (${statement})`, NARROW);
  const foreign = foreignAccounts(narrowing, trusted);
  if (foreign.length > 0) {
    return refused(
      "policy",
      `has a policy that lets in account ${foreign.map(shown).join(", ")} (${statement})`,
      TRUST,
    );
  }
  if (narrowing.accounts.length > 0 || narrowing.organizations.length === 0) return undefined;
  const organizations = narrowing.organizations.map(shown).join(", ");
  return warning(
    "policy",
    `has a policy that lets in every account of the organization ${organizations} (${statement})`,
    "name the accounts that need it",
  );
}

/** AWS does not call a service public; yet one that anybody may set to work should say for whom. */
function judgeService(
  id: string,
  narrowing: Narrowing,
  statement: string,
  trusted: ReadonlySet<string>,
): Judgement | undefined {
  const foreign = foreignAccounts(narrowing, trusted);
  if (foreign.length > 0) {
    const whose = foreign.map(shown).join(", ");
    return refused("policy", `has a policy that lets in ${shown(id)} for account ${whose} (${statement})`, TRUST);
  }
  if (narrowing.narrow) return undefined;
  const what = `has a policy that lets in ${shown(id)}, whoever sets it to work (${statement})`;
  return warning("policy", what, "add a condition on aws:SourceAccount or aws:SourceArn");
}

/** Accounts that are let in and not trusted. One condition that names none but trusted ones is enough. */
function foreignAccounts({ accounts }: Narrowing, trusted: ReadonlySet<string>): string[] {
  const foreign = accounts.map((values) => values.filter((account) => !trusted.has(account)));
  return foreign.some((values) => values.length === 0) ? [] : [...new Set(foreign.flat())];
}

/** A name out of the document, fit for a line of text. */
function shown(name: string): string {
  return name.slice(0, 100).replace(/[^\x20-\x7e]/g, "?");
}
