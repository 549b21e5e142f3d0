import type { Environment } from "./imports.ts";
import { Schema } from "./interactions.ts";
import { Jobs } from "./jobs.ts";
import type { Objects } from "./objects.ts";
import type { FakeOptions } from "./options.ts";

/** A body that came to a hook. */
export interface HookDelivery {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: what a signature is made over. */
  readonly text: string;
}

/** All that the stand-in knows, production and sandbox; a reset makes another. */
export class World {
  readonly options: FakeOptions;
  readonly objects: Objects;
  readonly schema = new Schema();
  readonly jobs: Jobs;
  readonly environments = new Map<string, Environment>();
  readonly reports: Map<string, "running" | "paused">;
  readonly hooks: HookDelivery[] = [];

  constructor(options: FakeOptions, objects: Objects) {
    this.options = options;
    this.objects = objects;
    this.jobs = new Jobs(options);
    this.reports = new Map(options.reports.map((name) => [name, "running"]));
  }

  /** The record store of an environment; there from the first time it is named. */
  environment(id: string): Environment {
    const known = this.environments.get(id) ?? { records: new Map(), overwritten: 0, violations: [] };
    this.environments.set(id, known);
    return known;
  }
}
