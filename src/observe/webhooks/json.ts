import { eventId, type HookEvent, runOf, shortened, timeOf } from "./event.ts";

/** Of outputs or findings; the manifest and the error have all of them. */
const MOST = 1_000;
const LONGEST = 2_000;

/** maskline's own format: the event, with an id that repeats share. */
export function jsonMessage(event: HookEvent): object {
  const runId = runOf(event);
  const head = {
    event: event.event,
    id: eventId(event),
    version: 1,
    occurredAt: timeOf(event),
    environment: event.environment,
    ...(runId !== undefined && { runId }),
  };
  if (event.event === "alert") {
    const findings = event.findings.slice(0, MOST).map(({ path, kind, what, advice }) => ({
      path: shortened(path, LONGEST),
      kind,
      what: shortened(what, LONGEST),
      advice: shortened(advice, LONGEST),
    }));
    return {
      ...head,
      kind: event.kind,
      summary: shortened(event.summary, LONGEST),
      findings,
      ...omitted(event.findings),
    };
  }
  const { rows, manifest, imported } = event;
  const outputs = event.outputs.slice(0, MOST).map(({ uri, rows, bytes, sha256 }) => ({ uri, rows, bytes, sha256 }));
  return { ...head, rows, manifest, ...(imported && { imported }), outputs, ...omitted(event.outputs) };
}

function omitted({ length }: readonly unknown[]): object {
  return length > MOST ? { omitted: length - MOST } : {};
}
