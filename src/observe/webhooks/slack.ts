import type { Finding } from "../../errors.ts";
import { type HookEvent, headline, runOf, timeOf } from "./event.ts";

/** Slack refuses longer texts of a section, and more than 50 blocks (docs.slack.dev/reference/block-kit/blocks). */
const LONGEST_TEXT = 3_000;
const LONGEST_PART = 900;
const MOST_FINDINGS = 20;

/** A message for an incoming webhook: `text` for notifications, `blocks` for the channel. */
export function slackMessage(event: HookEvent): object {
  const text = mrkdwn(headline(event), LONGEST_TEXT);
  const findings = event.event === "alert" ? event.findings : [];
  const more = findings.length - MOST_FINDINGS;
  const runId = runOf(event);
  const place = event.event === "committed" ? `manifest ${code(event.manifest)}` : undefined;
  const run = runId === undefined ? undefined : `run ${code(runId)}`;
  return {
    text,
    blocks: [
      section(text),
      ...findings.slice(0, MOST_FINDINGS).map((one) => section(findingText(one))),
      ...(more > 0 ? [section(`and ${more} more`)] : []),
      { type: "context", elements: [textObject([run, place, timeOf(event)].flatMap((one) => one ?? []).join(" · "))] },
    ],
  };
}

function findingText({ path, kind, what, advice }: Finding): string {
  return `${code(path)} ${mrkdwn(`${kind}: ${what}`, LONGEST_PART)}\n${mrkdwn(advice, LONGEST_PART)}`;
}

function section(text: string): object {
  return { type: "section", text: textObject(text) };
}

/** `verbatim`: what looks like a link, a channel or a person in a column's name stays text. */
function textObject(text: string): object {
  return { type: "mrkdwn", text, verbatim: true };
}

function code(text: string): string {
  return `\`${mrkdwn(text, LONGEST_PART)}\``;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "'" };

/**
 * Text that Slack shows as it is, in at most `most` UTF-16 units once escaped, cut between characters. Slack's control
 * sequences stand between < and >, so nothing else can mention or link (docs.slack.dev/messaging/formatting-message-text).
 */
function mrkdwn(text: string, most: number): string {
  let escaped = "";
  for (const character of text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, " ")) {
    const next = ESCAPES[character] ?? character;
    if (escaped.length + next.length >= most) return `${escaped}…`;
    escaped += next;
  }
  return escaped;
}
