/** The stand-in as a process of its own. */
import { parseArgs } from "node:util";
import { DEFAULTS, type FakeOptions } from "./options.ts";
import { startFakeGenesys } from "./server.ts";

const HELP = `A stand-in for Genesys Cloud: login and API, both dialects of docs/genesys.md, made-up data.
Prints one line of JSON with its URLs on standard output; SIGTERM stops it.

    npm run genesys:fake -- [options]

  --port N            where it listens (default 0: any that is free)
  --host HOST         on which address (default ${DEFAULTS.host})
  --client ID:SECRET  who may log in; may be given more than once (default fake-client:fake-client-secret)
  --expires-in N      seconds that a token lives (default ${DEFAULTS.expiresIn})
  --allowed N         calls per token and window (default ${DEFAULTS.rateLimit.allowed})
  --window N          seconds of a window (default 60)
  --polls N           looks at a job before its next state (default ${DEFAULTS.jobs.polls})
  --ms N              milliseconds before a job's next state (default ${DEFAULTS.jobs.ms})
  --rows N            interactions or conversations in any interval (default ${DEFAULTS.rows})
  --files N           Parquet files of an export (default ${DEFAULTS.files})
  --row-group N       rows of a row group (default ${DEFAULTS.rowGroup})
  --data-keys         attributes of participants have keys that are data
  --now TIME          end of what there is, ISO 8601 (default ${DEFAULTS.now})
  --seed N            other made-up data (default ${DEFAULTS.seed})
  --id-field NAME     what identifies an imported record (default ${DEFAULTS.idField})
  --report NAME       a report schedule that runs; may be given more than once
  --bucket NAME       made if it is not there; may be given more than once
  --fault JSON        something that goes wrong (below); may be given more than once

The seed dialect's exports and all imports use S3: AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_REGION. The analytics dialect's exports do without.

Examples
    export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000 AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…
    npm run genesys:fake -- --port 8080 --bucket staging --bucket masked --rows 5000
    npm run genesys:fake -- --fault '{"match":{"method":"POST"},"fault":{"kind":"status","status":429,"retryAfter":1}}'

    curl -s localhost:8080/__control/state                     what happened: calls, jobs, records, hooks, reports
    curl -s localhost:8080/__control/records/sandbox-01        what was imported
    curl -s localhost:8080/__control/faults -d '{"match":{"endpoint":"GET /api/v2/data/export/{id}"},
      "fault":{"kind":"addField","name":"customerPhoneAlt"}}'  a field more, while the job is under way
    curl -s -X POST localhost:8080/__control/reset             as if just started
Every fault: test/genesys/fake/faults.ts.
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    port: { type: "string" },
    host: { type: "string" },
    client: { type: "string", multiple: true },
    "expires-in": { type: "string" },
    allowed: { type: "string" },
    window: { type: "string" },
    polls: { type: "string" },
    ms: { type: "string" },
    rows: { type: "string" },
    files: { type: "string" },
    "row-group": { type: "string" },
    "data-keys": { type: "boolean" },
    now: { type: "string" },
    seed: { type: "string" },
    "id-field": { type: "string" },
    report: { type: "string", multiple: true },
    bucket: { type: "string", multiple: true },
    fault: { type: "string", multiple: true },
  },
});

function number(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${text} is no number; see --help`);
  return value;
}

function optionsOf(given: typeof values): FakeOptions {
  return {
    ...DEFAULTS,
    port: number(given.port, DEFAULTS.port),
    host: given.host ?? DEFAULTS.host,
    clients: given.client?.map(client) ?? DEFAULTS.clients,
    expiresIn: number(given["expires-in"], DEFAULTS.expiresIn),
    rateLimit: {
      allowed: number(given.allowed, DEFAULTS.rateLimit.allowed),
      window: number(given.window, DEFAULTS.rateLimit.window / 1000) * 1000,
    },
    jobs: { polls: number(given.polls, DEFAULTS.jobs.polls), ms: number(given.ms, DEFAULTS.jobs.ms) },
    rows: number(given.rows, DEFAULTS.rows),
    files: number(given.files, DEFAULTS.files),
    rowGroup: number(given["row-group"], DEFAULTS.rowGroup),
    dataKeys: given["data-keys"] ?? DEFAULTS.dataKeys,
    now: given.now ? new Date(given.now).toISOString() : DEFAULTS.now,
    seed: number(given.seed, DEFAULTS.seed),
    idField: given["id-field"] ?? DEFAULTS.idField,
    reports: given.report ?? DEFAULTS.reports,
  };
}

function client(pair: string): { id: string; secret: string } {
  const colon = pair.indexOf(":");
  if (colon < 1) throw new RangeError("--client is ID:SECRET");
  return { id: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  const fake = await startFakeGenesys(optionsOf(values));
  const stop = () => void fake.stop();
  process.once("SIGTERM", stop).once("SIGINT", stop);
  for (const fault of values.fault ?? []) fake.fault(JSON.parse(fault));
  for (const bucket of values.bucket ?? []) await fake.makeBucket(bucket);
  const { url } = fake;
  const line = { api: url, login: url, hooks: `${url}/hooks/`, control: `${url}/__control/`, clientId: fake.client.id };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
