import { eventId, type HookEvent, headline, runOf, shortened, timeOf } from "./event.ts";

/** Limits of the Events API v2 (developer.pagerduty.com/docs/send-alert-event): a summary's, and 512 KB for all of it. */
const LONGEST_SUMMARY = 1_024;
const LONGEST_PART = 500;
const MOST_FINDINGS = 50;

/** An event for `https://events.pagerduty.com/v2/enqueue` (or `events.eu.`): repeats are one alert by their `dedup_key`. */
export function pagerDutyMessage(event: HookEvent, routingKey: string): object {
  const { environment } = event;
  const runId = runOf(event);
  return {
    routing_key: routingKey,
    event_action: "trigger",
    dedup_key: eventId(event),
    payload: {
      summary: shortened(headline(event), LONGEST_SUMMARY),
      source: shortened(`maskline/${environment}`, LONGEST_SUMMARY),
      severity: severityOf(event),
      timestamp: timeOf(event),
      component: "maskline",
      class: event.event === "alert" ? event.kind : event.event,
      custom_details: { environment, ...(runId !== undefined && { runId }), ...detailsOf(event) },
    },
  };
}

function severityOf(event: HookEvent): "critical" | "error" | "info" {
  if (event.event === "committed") return "info";
  return event.kind === "leak" ? "critical" : "error";
}

function detailsOf(event: HookEvent): object {
  if (event.event === "committed") {
    const { rows, outputs, manifest, imported } = event;
    return { rows, objects: outputs.length, manifest, ...(imported && { imported }) };
  }
  const { findings } = event;
  const shown = findings.slice(0, MOST_FINDINGS).map(({ path, kind, what, advice }) => ({
    path: shortened(path, LONGEST_PART),
    kind: shortened(kind, LONGEST_PART),
    what: shortened(what, LONGEST_PART),
    advice: shortened(advice, LONGEST_PART),
  }));
  return { findings: shown, ...(findings.length > shown.length && { omitted: findings.length - shown.length }) };
}
