/**
 * A stand-in for Genesys Cloud: login and API, production and sandbox, both dialects of docs/genesys.md, on one port of a
 * real HTTP server. What goes wrong is ordered beforehand (faults.ts); what happened can be looked at (control.ts).
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { RateLimit, Tokens } from "./access.ts";
import { controlRoutes, type FakeState, type Seen, stateOf } from "./control.ts";
import { detailsRoutes } from "./details.ts";
import { exportRoutes } from "./exports.ts";
import { type Fault, type FaultOrder, Faults, faultOf } from "./faults.ts";
import { type Call, paramsOf, Refusal, type Reply, type Route } from "./http.ts";
import { importRoutes } from "./imports.ts";
import { Objects } from "./objects.ts";
import { type Client, DEFAULTS, type FakeOptions } from "./options.ts";
import { hookRoutes, reportRoutes } from "./reports.ts";
import { World } from "./world.ts";

export interface FakeGenesys {
  /** `http://127.0.0.1:PORT`, of login and API. */
  readonly url: string;
  /** The first client that may log in. */
  readonly client: Client;
  /** @throws ZodError where there is no such fault */
  fault(order: FaultOrder): void;
  state(): FakeState;
  /** The JSON of each record that an environment has, by id. */
  records(environmentId: string): ReadonlyMap<string, string>;
  /** Resolves once a call is held. */
  untilHeld(): Promise<void>;
  /** Lets held calls go on. */
  release(): void;
  makeBucket(name: string): Promise<void>;
  /** As if it had just been started: no jobs, records, tokens, faults. */
  reset(): void;
  stop(): Promise<void>;
}

export async function startFakeGenesys(given: Partial<FakeOptions> = {}): Promise<FakeGenesys> {
  const options: FakeOptions = { ...DEFAULTS, ...given };
  const objects = new Objects(options.s3);
  let life = new Life(options, objects, () => reset());
  const reset = () => {
    life.release();
    life = new Life(options, objects, reset);
  };

  const server = createServer((incoming, outgoing) => {
    life.answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    url: `http://${options.host}:${(server.address() as AddressInfo).port}`,
    client: options.clients[0]!,
    fault: (order) => life.faults.add(order),
    state: () => life.state(),
    records: (environmentId) => life.world.environment(environmentId).records,
    untilHeld: () => life.untilHeld(),
    release: () => life.release(),
    makeBucket: (name) => objects.makeBucket(name),
    reset,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      objects.close();
    },
  };
}

/** The stand-in from one reset to the next. */
class Life {
  readonly world: World;
  readonly faults = new Faults();
  readonly reset: () => void;
  readonly #tokens: Tokens;
  readonly #rateLimit: RateLimit;
  readonly #routes: readonly Route[];
  readonly #seen: Seen[] = [];
  readonly #held: { readonly endpoint: string; readonly release: () => void }[] = [];
  #heldListeners: (() => void)[] = [];

  constructor(options: FakeOptions, objects: Objects, reset: () => void) {
    this.world = new World(options, objects);
    this.reset = reset;
    this.#tokens = new Tokens(options);
    this.#rateLimit = new RateLimit(options);
    this.#routes = [
      ...this.#tokens.routes,
      ...exportRoutes(this.world),
      ...detailsRoutes(this.world),
      ...importRoutes(this.world),
      ...reportRoutes(this.world),
      ...hookRoutes(this.world),
      ...controlRoutes(this),
    ];
  }

  state(): FakeState {
    return stateOf(
      this.world,
      this.#seen,
      this.#held.map(({ endpoint }) => endpoint),
    );
  }

  /** Reads a call, does what it says, answers; or does it wrong, where a fault was ordered. */
  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { call, route } = await this.#read(incoming);
    const isControl = call.path.startsWith("/__control/");
    const faults = isControl ? [] : this.faults.take(call);
    const see = (answer: Seen["answer"]) => {
      if (!isControl) this.#seen.push({ endpoint: call.endpoint, path: call.path, answer });
    };
    const lose = () => {
      see("lost");
      incoming.socket.resetAndDestroy();
    };

    this.#change(faults, call);
    const slow = faultOf(faults, "slow");
    if (slow) await sleep(slow.ms);
    const hold = faultOf(faults, "hold");
    if (hold?.when === "before") await this.#hold(call.endpoint);
    const lost = faultOf(faults, "lost");
    if (lost?.when === "before") return lose();

    const reply = await this.#reply({ ...call, faults }, route);

    if (hold?.when === "after") await this.#hold(call.endpoint);
    if (lost?.when === "after") return lose();
    see(reply.status);
    const json = reply.body === undefined ? "" : JSON.stringify(reply.body);
    const text = faultOf(faults, "malformed") ? json.slice(0, Math.ceil(json.length / 2)) : json;
    outgoing.writeHead(reply.status, {
      ...(text === "" ? {} : { "content-type": "application/json" }),
      ...reply.headers,
    });
    outgoing.end(text);
  }

  async #read(incoming: IncomingMessage): Promise<{ readonly call: Call; readonly route: Route | undefined }> {
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? "/", "http://host");
    const method = incoming.method ?? "GET";
    const route = this.#routes.find((one) => one.method === method && paramsOf(one.path, path));
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const text = Buffer.concat((await incoming.toArray()) as Buffer[]).toString();
    const params = route ? paramsOf(route.path, path)! : {};
    const endpoint = `${method} ${route?.path ?? path}`;
    return { call: { method, path, query, headers, text, endpoint, params, faults: [], client: "" }, route };
  }

  /** What a fault changes for good. */
  #change(faults: readonly Fault[], call: Call): void {
    for (const fault of faults) {
      if (fault.kind === "addField") this.world.schema.addField(fault.name);
      if (fault.kind === "renameField") this.world.schema.renameField(fault.from, fault.to);
      if (fault.kind === "expireToken") this.#tokens.expire(call.headers);
    }
  }

  /** Every answer has a correlation id and the rate limit. */
  async #reply(call: Call, route: Route | undefined): Promise<Reply> {
    const contextId = randomUUID();
    const rate = this.#rateLimit.count(call.headers);
    const reply = await this.#handle(call, route, rate.over).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, { message: String(error) });
      return refusal.reply(contextId);
    });
    return { ...reply, headers: { "ININ-Correlation-Id": contextId, ...rate.headers, ...reply.headers } };
  }

  async #handle(call: Call, route: Route | undefined, over: Refusal | undefined): Promise<Reply> {
    const error = faultOf(call.faults, "status");
    if (error) {
      const headers = error.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) };
      throw new Refusal(error.status, { headers, ...(error.code ? { code: error.code } : {}) });
    }
    if (!route) throw new Refusal(404, { message: "HTTP 404 Not Found" });
    if (route.access === "open") return route.handle(call);
    const client = this.#tokens.check(call.headers);
    if (over) throw over;
    return route.handle({ ...call, client });
  }

  #hold(endpoint: string): Promise<void> {
    return new Promise((release) => {
      this.#held.push({ endpoint, release });
      for (const listener of this.#heldListeners.splice(0)) listener();
    });
  }

  untilHeld(): Promise<void> {
    if (this.#held.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#heldListeners.push(resolve);
    });
  }

  release(): void {
    for (const { release } of this.#held.splice(0)) release();
  }
}
