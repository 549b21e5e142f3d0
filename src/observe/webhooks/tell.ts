import { mapAtOnce } from "../../concurrency.ts";
import type { Hook as HookSettings } from "../../config/hooks.ts";
import { failure } from "../../errors.ts";
import { eventId, type HookEvent } from "./event.ts";
import { jsonMessage } from "./json.ts";
import { pagerDutyMessage } from "./pagerduty.ts";
import { post } from "./post.ts";
import { signature } from "./signature.ts";
import { slackMessage } from "./slack.ts";

/** A webhook whose secrets are loaded. */
export interface Hook extends Pick<HookSettings, "format" | "timeout"> {
  readonly url: string;
  readonly secret?: string | undefined;
}

const AT_ONCE = 8;

/**
 * Tells every hook of an event, whichever of the others fails.
 * @throws MasklineError (exit 1) naming the hosts that were not told: of a webhook's URL the path is a secret, too
 */
export async function tell(hooks: readonly Hook[], event: HookEvent, signal: AbortSignal): Promise<void> {
  const problems = await mapAtOnce(hooks, AT_ONCE, async (hook) => {
    const problem = await tellOne(hook, event, signal);
    return problem === undefined ? [] : [`  ${new URL(hook.url).host}: ${problem}`];
  });
  const failed = problems.flat();
  if (failed.length === 0) return;
  const what = event.event === "alert" ? `the alert (${event.kind})` : "what was committed";
  throw failure(
    `telling the webhooks of ${what}: ${failed.length} of ${hooks.length} did not take it\n${failed.join("\n")}\n` +
      (event.event === "alert"
        ? "the same event has the same id: it may be sent again"
        : `run ${event.runId} is committed and stays so; start again to tell once more`),
    { stage: "commit" },
  );
}

async function tellOne(hook: Hook, event: HookEvent, signal: AbortSignal): Promise<string | undefined> {
  const { url, format, secret, timeout } = hook;
  if (format === "pagerduty" && secret === undefined) return "it has no routing key; set secret";
  const body = JSON.stringify(bodyOf(hook, event));
  const headers = () => ({
    "content-type": "application/json",
    "user-agent": "maskline",
    "idempotency-key": eventId(event),
    // PagerDuty's secret is within the body.
    ...(secret !== undefined &&
      format !== "pagerduty" && { "x-maskline-signature": signature(secret, body, Date.now()) }),
  });
  return await post(url, { body, headers }, timeout, signal);
}

function bodyOf({ format, secret = "" }: Hook, event: HookEvent): object {
  switch (format) {
    case "json":
      return jsonMessage(event);
    case "slack":
      return slackMessage(event);
    case "pagerduty":
      return pagerDutyMessage(event, secret);
  }
}
