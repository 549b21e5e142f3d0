/** What stops a transfer before it does harm: nothing is exported, or what was is neither masked nor imported. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { cli } from "../support/cli.ts";
import {
  CLIENTS,
  MASKED,
  type Otherwise,
  ROUTING_KEY,
  STAGING,
  Transfer,
  valuesOf,
  withOrganizations,
} from "./transfer.ts";

const EXPORT = "/api/v2/data/export";
const SCHEMAS = "GET /api/v2/data/export/schemas";
const POLL = "GET /api/v2/data/export/{id}";

const SLOW = { field: "note", mask: "regex", patterns: [{ match: "(a+)+$", with: "x" }] };

/** What is wrong, and what is said of it. */
const WRONG: readonly (readonly [what: string, otherwise: Otherwise, said: RegExp])[] = [
  [
    "a transcript that nothing masks",
    { export: { include: ["transcript"] }, config: { policy: { presets: ["contact-center"] } } },
    /nothing in the policy masks transcript.*\n.*\{ path: "transcript", mask: scan \}/s,
  ],
  [
    "overwriting what the sandbox has",
    { import: { overwriteExisting: true } },
    /overwriting breaks what the sandbox keeps on purpose; confirm it with allowOverwrite: true/,
  ],
  ["duplicates that are not skipped", { import: { skipDuplicates: false } }, /skipDuplicates/],
  ["a key that is too short", { config: { key: { env: "SHORT" } } }, /SHORT: .*at least 32 are needed/],
  ["no key", { config: { key: { env: "NOWHERE" } } }, /NOWHERE/],
  ["a pattern that takes for ever", { config: { policy: { rules: [SLOW] } } }, /policy\.rules\[0\]/],
  ["an output that nobody else can read", { config: { output: "./out/" } }, /use s3:\/\/bucket\/prefix\//],
  ["a staging area that the API cannot reach", { export: { staging: "./in/" } }, /genesys\.export\.staging/],
];

withOrganizations("a transfer that is refused", (place) => {
  const { fake, client } = place;

  /** Nothing was asked for, nothing is anywhere. */
  async function assertNothingDone(way: Transfer): Promise<void> {
    assert.deepEqual(fake.state().jobs, []);
    assert.deepEqual(await way.keys(STAGING), []);
    assert.deepEqual(await way.manifests(), []);
    assert.equal(way.records().size, 0);
    assert.deepEqual(way.told(), []);
  }

  /** What was exported was not masked, and came nowhere. */
  async function assertNothingMasked(way: Transfer): Promise<void> {
    const objects = (await way.keys(MASKED)).filter((key) => !key.includes("_maskline/genesys/"));
    assert.deepEqual(objects, []);
    assert.equal(way.jobs("import").length, 0);
    assert.equal(way.records().size, 0);
    assert.deepEqual(way.told(), []);
  }

  for (const [what, otherwise, said] of WRONG) {
    it(`${what} ends with 2 before anything is exported`, async (t) => {
      const way = await Transfer.make(t, place, otherwise);
      const ended = await way.start([], { SHORT: "Qz81-short" }).ended;
      assert.equal(ended.code, 2, ended.stderr);
      assert.match(ended.stderr, said);
      await assertNothingDone(way);
    });
  }

  it("a bucket that everybody may read ends with 2 before anything is exported, whichever of the two it is", async (t) => {
    const way = await Transfer.make(t, place);
    for (const [bucket, role] of [
      [STAGING, "staging"],
      [MASKED, "output"],
    ] as const) {
      const statement = {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${bucket}/*`,
      };
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
      try {
        const { stderr } = await way.ends(2);
        assert.match(stderr, new RegExp(`nothing was exported\\n {2}s3://${bucket} \\(${role}\\) `));
        await assertNothingDone(way);
      } finally {
        await client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
      }
    }
    await way.ends(0);
    await way.assertDone();
  });

  it("a wrong client secret ends with 2, on either side, and is not shown", async (t) => {
    const way = await Transfer.make(t, place);
    const wrong = await way.start([], { PRODUCTION_SECRET: "wrong-secret-of-production" }).ended;
    assert.equal(wrong.code, 2, wrong.stderr);
    assert.match(
      wrong.stderr,
      /token: 401 invalid_client.*the OAuth client is refused; check client\.id, client\.secret/,
    );
    await assertNothingDone(way);

    // Of the target that is known only at its turn; once it is right the same command goes on.
    const later = await way.start([], { SANDBOX_SECRET: "wrong-secret-of-the-sandbox" }).ended;
    assert.equal(later.code, 2, later.stderr);
    assert.match(later.stderr, /the OAuth client is refused/);
    await way.ends(0);
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [1, 1]);
    await way.assertDone();
  });

  it("a new field that looks sensitive ends with 3 before the job, and every hook is told in its own shape", async (t) => {
    const way = await Transfer.make(t, place);
    const hook = (format: string) => ({ url: `${fake.url}/hooks/${format}`, format, secret: { env: "HOOK_SECRET" } });
    const alert = [hook("json"), hook("slack"), { ...hook("pagerduty"), secret: { env: "ROUTING_KEY" } }];
    await way.configure({ config: { hooks: { alert } } });
    fake.fault({ match: { endpoint: SCHEMAS }, fault: { kind: "addField", name: "customerPhoneAlt" } });
    const { stderr } = await way.ends(3);
    assert.match(stderr, /customerPhoneAlt/);
    await assertNothingDone(way);

    const bodies = new Map(fake.state().hooks.map(({ name, body, headers }) => [name, { body, headers } as never]));
    const { json, slack, pagerduty } = Object.fromEntries(bodies) as Record<string, Delivery>;
    assert.match(json!.headers["x-maskline-signature"]!, /^t=\d+,v1=/);
    assert.deepEqual(
      [json!.body.event, json!.body.kind, json!.body.findings.map(({ path }: { path: string }) => path)],
      ["alert", "drift", ["customerPhoneAlt"]],
    );
    assert.match(slack!.body.text, /drift/);
    assert.match(JSON.stringify(slack!.body.blocks), /customerPhoneAlt/);
    const { routing_key, event_action, payload } = pagerduty!.body;
    assert.deepEqual([routing_key, event_action, payload.severity], [ROUTING_KEY, "trigger", "error"]);
    assert.equal(payload.custom_details.findings[0].path, "customerPhoneAlt");
    assert.equal(pagerduty!.headers["x-maskline-signature"], undefined);

    // A person decides, and the same command goes on.
    const rules = [{ field: "customerPhoneAlt", mask: "phone" }];
    await way.configure({ config: { policy: { presets: ["contact-center", "pci-dss"], rules } } });
    await way.ends(0);
    const manifest = await way.assertDone();
    assert.equal(manifest.columns.find(({ path }) => path === "customerPhoneAlt")?.mask, "phone");
  });

  it("an alert that nobody takes hides nothing of what it is about", async (t) => {
    const way = await Transfer.make(t, place);
    await way.configure({ config: { hooks: { alert: [{ url: `${fake.url}/hooks/security` }] } } });
    fake.fault({ match: { endpoint: SCHEMAS }, fault: { kind: "addField", name: "ssnOfCustomer" } });
    fake.fault({ match: { path: "/hooks/" }, fault: { kind: "status", status: 404 } });
    const { stderr } = await way.ends(3);
    assert.match(stderr, /telling the webhooks of the alert \(drift\): 1 of 1 did not take it/);
    assert.match(stderr, /maskline: .*\n.*ssnOfCustomer/);
  });

  it("one that comes during the job ends with 3: nothing is masked", async (t) => {
    const way = await Transfer.make(t, place);
    fake.fault({ match: { endpoint: POLL }, fault: { kind: "addField", name: "customerPhoneAlt" } });
    const { stderr } = await way.ends(3);
    assert.match(stderr, /the export's schema changed during the job: customerPhoneAlt/);
    await assertNothingMasked(way);
    way.assertReportsRan();

    // Decided, the export that is there is masked; no other job is asked for.
    const rules = [{ field: "customerPhoneAlt", mask: "drop" }];
    await way.configure({ config: { policy: { presets: ["contact-center", "pci-dss"], rules } } });
    await way.ends(0);
    assert.equal(way.jobs("export").length, 1);
    await way.assertDone();
  });

  it("one that comes after the second look at the schema is found in the files themselves", async (t) => {
    const way = await Transfer.make(t, place);
    // The schema that the API tells has it never; the files do.
    fake.fault({ match: { method: "POST", path: EXPORT }, fault: { kind: "addField", name: "customerPhoneAlt" } });
    const back = { kind: "renameField", from: "customerPhoneAlt", to: "queueNote" } as const;
    fake.fault({ match: { endpoint: SCHEMAS, after: 2 }, fault: back });
    const { stderr } = await way.ends(3);
    assert.match(stderr, /customerPhoneAlt/);
    await assertNothingMasked(way);
  });

  it("a harmless one is told and stops nothing", async (t) => {
    const way = await Transfer.make(t, place);
    fake.fault({ match: { endpoint: POLL }, fault: { kind: "addField", name: "loyaltyTier" } });
    const { stderr } = await way.ends(0);
    assert.match(stderr, /the export's schema changed during the job: loyaltyTier/);
    const manifest = await way.assertDone();
    assert.ok(manifest.columns.some(({ path }) => path === "loyaltyTier"));
  });

  it("a sensitive field with another name ends with 3, once there is a lock", async (t) => {
    const way = await Transfer.make(t, place, { export: { afterwards: "keep" } });
    await way.ends(0);
    const approve = [
      "drift",
      "-c",
      way.work.join("maskline.yaml"),
      "--approve",
      "--input",
      `s3://${STAGING}/${way.prefix}`,
    ];
    const approved = await cli(approve, { cwd: way.work.path, env: way.env });
    assert.equal(approved.code, 0, approved.stderr);

    fake.reset();
    await way.ends(0);
    fake.reset();
    const rename = { kind: "renameField", from: "firstName", to: "givenLabel" } as const;
    fake.fault({ match: { endpoint: SCHEMAS }, fault: rename });
    const { stderr } = await way.ends(3);
    assert.match(stderr, /givenLabel|firstName/);
    assert.deepEqual(fake.state().jobs, []);
  });

  it("a transcript that is scanned comes with what was said, and no more", async (t) => {
    const way = await Transfer.make(t, place, { export: { include: ["transcript"] } });
    await way.ends(0);
    const { excludeFields } = way.jobs("export")[0]!.request as { excludeFields: unknown };
    assert.deepEqual(excludeFields, ["recordingContent"]);
    const records = [...way.records().values()].map((text) => JSON.parse(text) as { transcript: string | null });
    assert.ok(records.filter(({ transcript }) => transcript?.includes("[")).length > 20);
    const digitsOf = (text: string) => text.replace(/\D/g, "");
    const numbers = [...valuesOf("phoneNumber", "cardNumber")].map((value) => digitsOf(value).slice(-10));
    const addresses = valuesOf("emailAddress");
    for (const { transcript } of records) {
      const said = transcript ?? "";
      assert.ok(!numbers.some((number) => digitsOf(said).includes(number)), "a number is in a transcript");
      assert.ok(![...addresses].some((address) => said.includes(address)), "an address is in a transcript");
    }
    assert.deepEqual(await way.keys(STAGING), []);
  });

  it("who is refused by the API ends with 2 and may be let in later", async (t) => {
    const way = await Transfer.make(t, place);
    const forbidden = { kind: "status", status: 403 } as const;
    fake.fault({ match: { method: "POST", path: EXPORT }, fault: forbidden });
    const { stderr } = await way.ends(2);
    assert.match(stderr, /export: 403 missing\.permissions/);
    await way.ends(0);
    await way.assertDone();
    assert.ok(Object.values(CLIENTS).every(({ id }) => !stderr.includes(id)));
  });
});

interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
  readonly body: any;
}
