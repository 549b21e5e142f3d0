/** What a test sees and does: not part of the contract. */
import { z } from "zod";
import type { Faults } from "./faults.ts";
import { Refusal, type Route } from "./http.ts";
import type { Job } from "./jobs.ts";
import type { HookDelivery, World } from "./world.ts";

/** A call of the API or a hook that was answered, or not. */
export interface Seen {
  readonly endpoint: string;
  readonly path: string;
  /** Status of the answer; `lost` where the connection was cut. */
  readonly answer: number | "lost";
}

export interface FakeState {
  readonly schemaVersion: string;
  readonly jobs: readonly (Pick<Job, "id" | "kind" | "state" | "client" | "idempotencyKey" | "asked" | "deleted"> & {
    readonly request: unknown;
  })[];
  /** How often each endpoint was called. */
  readonly calls: Readonly<Record<string, number>>;
  /** The calls in their order. */
  readonly seen: readonly Seen[];
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly count: number;
        readonly ids: readonly string[];
        readonly overwritten: number;
        readonly violations: readonly string[];
      }
    >
  >;
  readonly hooks: readonly (HookDelivery & { readonly body: unknown })[];
  readonly reports: Readonly<Record<string, "running" | "paused">>;
  /** Endpoints of calls that are held. */
  readonly held: readonly string[];
}

/** What stands behind the control endpoints. */
export interface Controls {
  readonly world: World;
  readonly faults: Faults;
  state(): FakeState;
  release(): void;
  reset(): void;
}

export function stateOf(world: World, seen: readonly Seen[], held: readonly string[]): FakeState {
  const calls: Record<string, number> = {};
  for (const { endpoint } of seen) calls[endpoint] = (calls[endpoint] ?? 0) + 1;
  return {
    schemaVersion: world.schema.version,
    jobs: world.jobs.all.map(({ id, kind, state, client, idempotencyKey, asked, deleted, request }) => {
      return { id, kind, state, client, idempotencyKey, asked, deleted, request };
    }),
    calls,
    seen: [...seen],
    environments: Object.fromEntries(
      [...world.environments].map(([id, { records, overwritten, violations }]) => {
        return [id, { count: records.size, ids: [...records.keys()], overwritten, violations: [...violations] }];
      }),
    ),
    hooks: world.hooks.map((delivery) => ({ ...delivery, body: parsed(delivery.text) })),
    reports: Object.fromEntries(world.reports),
    held: [...held],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function controlRoutes(controls: Controls): readonly Route[] {
  const post = (path: string, act: (text: string) => void): Route => ({
    method: "POST",
    path: `/__control/${path}`,
    access: "open",
    handle: ({ text }) => {
      act(text);
      return { status: 204 };
    },
  });
  return [
    post("faults", (text) => {
      try {
        controls.faults.add(parsed(text));
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error;
        throw new Refusal(400, { message: z.prettifyError(error) });
      }
    }),
    post("release", () => controls.release()),
    post("reset", () => controls.reset()),
    {
      method: "GET",
      path: "/__control/state",
      access: "open",
      handle: () => ({ status: 200, body: controls.state() }),
    },
    {
      method: "GET",
      path: "/__control/records/{environmentId}",
      access: "open",
      handle: ({ params }) => {
        const records = controls.world.environment(params.environmentId!).records.values();
        return { status: 200, body: [...records].map((text) => JSON.parse(text) as unknown) };
      },
    },
  ];
}
