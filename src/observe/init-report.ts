import { count } from "../count.ts";
import type { InitResult } from "../init.ts";
import { warningText } from "./report.ts";

/** What `init` says to people: what it decided, what is left to them, what comes next. */
export function initText({ file, objects, rows, presets, columns, warnings }: InitResult, needsKey: boolean): string {
  const open = columns.filter(({ mask }) => mask === "pause");
  const by = (name: string) => columns.filter((one) => one.by.startsWith(name) && one.mask !== "pause").length;
  const config = file ?? "maskline.yaml";
  const lines = [
    `${file ?? "proposed"}: ${count(columns.length, "column")} in ${count(objects, "object")}, ${count(rows, "row")}`,
    `  by presets  ${by("preset ")} (${presets.map(({ name }) => name).join(", ")})`,
    `  by rules    ${by("rule ")}`,
    ...(by("unmatched.") > 0 ? [`  unmatched   ${by("unmatched.")}`] : []),
    ...(open.length > 0
      ? [`  TO DECIDE   ${open.length}, by a person: plan and run end with exit code 3 until then`]
      : []),
    ...open.map(({ path, why }) => `    ${JSON.stringify(path).slice(1, -1)}: ${why}`),
    ...warnings.map((warning) => `warning: ${warningText(warning)}`),
    "next:",
    `  read ${config} to its end: what it keeps leaves as it is`,
    ...(needsKey
      ? ["  export MASKLINE_KEY=$(openssl rand -hex 32)   and keep it where production's other secrets are"]
      : []),
    `  maskline plan -c ${config}`,
    `  maskline run -c ${config} --dry-run`,
  ];
  return `${lines.join("\n")}\n`;
}
