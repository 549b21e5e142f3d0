/** The sandbox's scheduled reports, which are to be paused while records are imported, and receivers of webhooks. */
import type { Route } from "./http.ts";
import { noteResumed } from "./imports.ts";
import type { World } from "./world.ts";

const SCHEDULES = "/api/v2/analytics/reporting/schedules";

export function reportRoutes(world: World): readonly Route[] {
  return [
    {
      method: "POST",
      path: `${SCHEDULES}/{name}/pause`,
      access: "token",
      handle: ({ params }) => {
        world.reports.set(params.name!, "paused");
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: `${SCHEDULES}/{name}/resume`,
      access: "token",
      handle: ({ params }) => {
        world.reports.set(params.name!, "running");
        noteResumed(world, params.name!);
        return { status: 204 };
      },
    },
  ];
}

export function hookRoutes(world: World): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/hooks/{name}",
      access: "open",
      handle: ({ params, headers, text }) => {
        world.hooks.push({ name: params.name!, headers, text });
        return { status: 200, body: {} };
      },
    },
  ];
}
