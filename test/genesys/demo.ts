/**
 * `npm run demo:genesys`: the whole way from one organization to another, with stand-ins for Genesys Cloud and S3 on
 * loopback: export, mask, import, and the same again.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { openStore } from "../../src/store/store.ts";
import { S3_SKIPPED, startS3 } from "../support/s3-server.ts";
import { startFakeGenesys } from "./fake/server.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "2000" } } });
const root = join(import.meta.dirname, "../..");
const directory = join(root, "out", "demo-genesys");
const file = join(directory, "maskline.yaml");
const signal = AbortSignal.timeout(300_000);

say("starting the stand-ins: an S3 server, and Genesys Cloud (production and sandbox)");
const s3 = await startS3();
if (!s3) throw new Error(S3_SKIPPED);
Object.assign(process.env, s3.env);
const fake = await startFakeGenesys({ rows: Number(values.rows), reports: ["daily-handle-time"] });
let exit = 1;
try {
  await fake.makeBucket("prod-export-bucket-temp");
  await fake.makeBucket("masked-data-bucket");
  await mkdir(directory, { recursive: true });
  await writeFile(file, configuration());
  say(`the configuration is ${relative(process.cwd(), file)}`);

  say("maskline run: export, mask, verify, commit, import");
  exit = await maskline("run");
  say("maskline run again: another export of the same window, which imports nothing twice");
  exit ||= await maskline("run");

  const records = fake.records("sandbox-01-prod-mirror");
  say(`in the sandbox now: ${records.size.toLocaleString("en")} records, one of them:`);
  const [first = "{}"] = records.values();
  process.stdout.write(`${JSON.stringify(JSON.parse(first), null, 2)}\n`);
  await using store = openStore("s3://prod-export-bucket-temp/");
  const staged = await store.list("s3://prod-export-bucket-temp/", signal);
  say(`left in the staging bucket: ${staged.length} objects`);
} finally {
  await fake.stop();
  await s3.stop();
}
process.exitCode = exit;

function configuration(): string {
  return `environment: sandbox-01-prod-mirror
key: { env: MASKLINE_KEY }
output: "s3://masked-data-bucket/v2/interactions/{runId}/"
policy:
  presets: [contact-center, pci-dss]
  rules: [{ field: agentId, mask: token, prefix: Agent_, domain: staff }]
genesys:
  export:
    api: ${fake.url}          # in place of region: mypurecloud.com
    login: ${fake.url}
    client: { id: { env: GENESYS_CLIENT_ID }, secret: { env: GENESYS_CLIENT_SECRET } }
    window: 7d
    filters: [{ field: direction, operator: EQ, value: INBOUND }]
    staging: "s3://prod-export-bucket-temp/"
    afterwards: delete
    poll: { every: 200ms }
  import:
    api: ${fake.url}
    login: ${fake.url}
    client: { id: { env: GENESYS_CLIENT_ID }, secret: { env: GENESYS_CLIENT_SECRET } }
    poll: { every: 200ms }
    reports:
      - name: daily-handle-time
        pause: /api/v2/analytics/reporting/schedules/daily-handle-time/pause
        resume: /api/v2/analytics/reporting/schedules/daily-handle-time/resume
hooks:
  committed: [{ url: "${fake.url}/hooks/cache", secret: { env: HOOK_SECRET } }]
metrics: { port: 0 }
`;
}

async function maskline(command: string): Promise<number> {
  const env = {
    ...process.env,
    MASKLINE_KEY: "demo-only-8d1f6a0c52b94e7fb3c1d2a9e6f70418",
    GENESYS_CLIENT_ID: fake.client.id,
    GENESYS_CLIENT_SECRET: fake.client.secret,
    HOOK_SECRET: "demo-only",
  };
  const child = spawn(process.execPath, [join(root, "src/cli.ts"), command, "-c", file], { env, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

function say(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}
