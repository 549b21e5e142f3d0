/** What can go wrong on demand. The declaration checks what is sent to the control endpoint. */
import { z } from "zod";

const text = z.string().min(1);
const when = z.enum(["before", "after"]).describe("before or after the call took effect");
const kind = <K extends string>(name: K) => z.literal(name);

const faultSchema = z.discriminatedUnion("kind", [
  // In place of the answer, or on its way.
  z
    .strictObject({
      kind: kind("status"),
      status: z.int().min(400).max(599),
      code: text.optional(),
      retryAfter: z.int().optional(),
    })
    .describe("this error instead of taking effect"),
  z.strictObject({ kind: kind("lost"), when }).describe("the connection is cut in place of the answer"),
  z.strictObject({ kind: kind("hold"), when }).describe("no answer until released"),
  z.strictObject({ kind: kind("slow"), ms: z.int().positive() }).describe("the answer comes late"),
  z.strictObject({ kind: kind("malformed") }).describe("half of the JSON, as if it were all"),
  z.strictObject({ kind: kind("expireToken") }).describe("the call's token is one that has expired, from now on"),

  // The schema of what is exported, from this call on.
  z.strictObject({ kind: kind("addField"), name: text }).describe("a text field more, of the kind its name says"),
  z.strictObject({ kind: kind("renameField"), from: text, to: text }).describe("a field has another name"),

  // The job that the call asks for or about.
  z
    .strictObject({ kind: kind("state"), state: text, errorMessage: text.optional() })
    .describe("FAILED, CANCELLED, EXPIRED: for good; any other state, known or not: in this answer only"),
  z
    .strictObject({
      kind: kind("file"),
      wrong: z.enum(["sha256", "size", "rowCount", "missing"]),
      index: z.int().nonnegative().default(0),
    })
    .describe("export: what is said of a file is not so, or the file is not there"),
  z
    .strictObject({ kind: kind("refuse"), records: z.int().positive(), retryable: z.boolean().default(false) })
    .describe("import: so many records that are new are refused"),
  z.strictObject({ kind: kind("importCount"), by: z.int() }).describe("import: imported is told wrong by so many"),
  z.strictObject({ kind: kind("duplicatePage") }).describe("results: this page comes once more as the next one"),
]);

export type Fault = z.output<typeof faultSchema>;
export type FaultOf<K extends Fault["kind"]> = Extract<Fault, { kind: K }>;

export const faultOrderSchema = z.strictObject({
  match: z
    .strictObject({
      method: text.optional(),
      path: text.optional().describe("the path begins so; with an asterisk: a pattern for the whole path"),
      endpoint: text.optional().describe("as in the state: GET /api/v2/data/export/{id}"),
      after: z.int().nonnegative().default(0).describe("so many calls that match pass first"),
    })
    .prefault({}),
  fault: faultSchema,
  times: z.union([z.int().positive(), z.literal("always")]).default(1),
});

/** As one writes it: `{ match: { method: "POST", path: "/api/v2/data/export" }, fault: { kind: "lost", when: "after" } }`. */
export type FaultOrder = z.input<typeof faultOrderSchema>;

type Order = z.output<typeof faultOrderSchema>;

interface Target {
  readonly method: string;
  readonly path: string;
  readonly endpoint: string;
}

/** The faults that are to come. */
export class Faults {
  readonly #orders: { readonly order: Order; seen: number }[] = [];

  /** @throws ZodError */
  add(order: unknown): void {
    this.#orders.push({ order: faultOrderSchema.parse(order), seen: 0 });
  }

  /** Every fault that this call meets, in the order they were added; each is one time less to come. */
  take(call: Target): Fault[] {
    const met: Fault[] = [];
    for (const entry of this.#orders) {
      const { match, fault, times } = entry.order;
      if (!matches(match, call)) continue;
      const turn = entry.seen++ - match.after;
      if (turn >= 0 && (times === "always" || turn < times)) met.push(fault);
    }
    return met;
  }
}

function matches({ method, path, endpoint }: Order["match"], call: Target): boolean {
  if (method !== undefined && method.toUpperCase() !== call.method) return false;
  if (endpoint !== undefined && endpoint !== call.endpoint) return false;
  return path === undefined || pathMatches(path, call.path);
}

function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes("*")) return path.startsWith(pattern);
  const source = pattern.split("*").map((piece) => piece.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(path);
}

/** The first fault of a kind. */
export function faultOf<K extends Fault["kind"]>(faults: readonly Fault[], kind: K): FaultOf<K> | undefined {
  return faults.find((fault): fault is FaultOf<K> => fault.kind === kind);
}
