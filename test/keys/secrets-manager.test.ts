/** Keys from AWS Secrets Manager: the real client against a server that speaks its JSON protocol, and its faults. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { after, before, beforeEach, describe, it } from "node:test";
import { cli, Workspace } from "../support/cli.ts";

const KEY = randomBytes(32).toString("hex");
const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:maskline-AbCdEf";

interface Asked {
  readonly target: string | undefined;
  readonly authorization: string | undefined;
  readonly body: { SecretId?: string; VersionStage?: string };
}
type Answer = { readonly status: number; readonly body: string } | "hang up";

const secret = (content: object): Answer => ({
  status: 200,
  body: JSON.stringify({ ARN, Name: "maskline", ...content }),
});
const refused = (type: string, status = 400): Answer => ({
  ...{ status, body: JSON.stringify({ __type: type, message: `said of ${KEY}` }) },
});

describe("AWS Secrets Manager", () => {
  let server: Server;
  let asked: Asked[] = [];
  let answers: Answer[] = [];
  before(async () => {
    server = createServer(async (request, response) => {
      const { "x-amz-target": target, authorization } = request.headers;
      asked.push({ target: target as string, authorization, body: (await json(request)) as Asked["body"] });
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (answer === "hang up") request.socket.destroy();
      else response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  /** A plan over one file with this key; what it said must not hold the key. */
  async function plan(t: Parameters<typeof Workspace.make>[0], key: object, env: object = {}, ...script: Answer[]) {
    answers = script;
    const work = await Workspace.make(t);
    const { writeByDuckdb } = await import("../support/generate/writers.ts");
    await writeByDuckdb(work.join("a.parquet"), { name: "VARCHAR" }, [{ name: "Rosalindah" }]);
    const policy = { rules: [{ field: "name", mask: "token" }] };
    await work.config({ input: ["./a.parquet"], policy, key });
    const result = await cli(["plan", "--json", "-c", work.join("maskline.yaml")], {
      env: {
        ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
        ...{ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret", AWS_REGION: "us-east-1" },
        ...{ AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", MASKLINE_DEBUG: "1", ...env },
      },
    });
    assert.ok(!`${result.stdout}${result.stderr}`.includes(KEY), "the key is shown");
    assert.ok(!`${result.stdout}${result.stderr}`.includes(KEY.slice(0, 10)), "the key is shown");
    return result;
  }

  /** The fingerprint of a key that comes from a variable. */
  async function fingerprint(t: Parameters<typeof Workspace.make>[0], key: string): Promise<string> {
    const { stdout } = await plan(t, { env: "K" }, { K: key }, secret({}));
    return JSON.parse(stdout).keyFingerprint;
  }

  it("a text secret is the key that the same text in a variable is", async (t) => {
    const { code, stdout, stderr } = await plan(t, { secretsManager: ARN }, {}, secret({ SecretString: `${KEY}\n` }));
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).keyFingerprint, await fingerprint(t, KEY));
    assert.equal(asked.length, 1);
    assert.equal(asked[0]?.target, "secretsmanager.GetSecretValue");
    assert.deepEqual(asked[0]?.body, { SecretId: ARN, VersionStage: "AWSCURRENT" });
    assert.match(asked[0]?.authorization ?? "", /\/eu-central-1\/secretsmanager\//, "the ARN's region");
  });

  it("a binary secret is its bytes", async (t) => {
    const bytes = Buffer.from(KEY, "ascii");
    const content = { SecretBinary: bytes.toString("base64") };
    const { code, stdout, stderr } = await plan(t, { secretsManager: "maskline" }, {}, secret(content));
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).keyFingerprint, await fingerprint(t, KEY));
    assert.match(asked[0]?.authorization ?? "", /\/us-east-1\/secretsmanager\//, "a name's region is the usual one");
  });

  it("of a JSON object, the member that is named; never the object", async (t) => {
    const object = secret({ SecretString: JSON.stringify({ key: KEY, other: 7 }) });
    const named = await plan(t, { secretsManager: "m", field: "key" }, {}, object);
    assert.equal(named.code, 0, named.stderr);
    assert.equal(JSON.parse(named.stdout).keyFingerprint, await fingerprint(t, KEY));
    for (const [field, content, pattern] of [
      [undefined, object, /it is a JSON object; name its member in key\.field/],
      ["other", object, /it has no text in its member other/],
      ["toString", object, /it has no text in its member toString/],
      ["key", secret({ SecretString: KEY }), /it is no JSON object/],
      ["key", secret({ SecretBinary: "AAAA" }), /it is binary/],
      [undefined, secret({}), /it is empty/],
      [undefined, secret({ SecretString: "short" }), /5 bytes, at least 32/],
    ] as const) {
      const { code, stderr } = await plan(t, { secretsManager: "m", ...(field && { field }) }, {}, content);
      assert.equal(code, 2, stderr);
      assert.match(stderr, pattern);
    }
  });

  it("the previous version of the same secret is the previous key", async (t) => {
    const key = { secretsManager: ARN, previous: { secretsManager: ARN, stage: "AWSPREVIOUS" } };
    const before = randomBytes(32).toString("base64");
    const script = [secret({ SecretString: KEY }), secret({ SecretString: before })];
    const { code, stdout, stderr } = await plan(t, key, {}, ...script);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      asked.map(({ body }) => body.VersionStage),
      ["AWSCURRENT", "AWSPREVIOUS"],
    );
    assert.equal(JSON.parse(stdout).previousKeyFingerprint, await fingerprint(t, before));
  });

  it("what passes is tried again: server errors, throttling, a connection that breaks", async (t) => {
    const good = secret({ SecretString: KEY });
    const faults = [refused("InternalServiceError", 500), refused("ThrottlingException"), "hang up"] as const;
    const { code, stderr } = await plan(t, { secretsManager: ARN }, {}, ...faults, good);
    assert.equal(code, 0, stderr);
    assert.equal(asked.length, 4);
  });

  it("a service that stays down is an error to try again", async (t) => {
    for (const [fault, pattern] of [
      [refused("InternalServiceError", 500), /does not answer \(500 InternalServiceError\); run again later/],
      [{ status: 503, body: "" }, /does not answer \(503/],
      ["hang up", /does not answer \(ECONNRESET\)/],
      // An answer that cannot be read would be quoted in the client's own message.
      [{ status: 200, body: `{"SecretString": ${KEY}` }, /does not answer|AWS refused/],
    ] as const) {
      const { code, stderr } = await plan(t, { secretsManager: ARN }, { AWS_MAX_ATTEMPTS: "2" }, fault);
      assert.equal(code, 1, stderr);
      assert.match(stderr, pattern);
    }
  });

  it("what a person must put right is not tried again, and said", async (t) => {
    for (const [type, pattern] of [
      ["AccessDeniedException", /access denied; .*secretsmanager:GetSecretValue/],
      ["ResourceNotFoundException", /there is no such secret/],
      ["DecryptionFailure", /cannot be decrypted; .*kms:Decrypt/],
      ["InvalidRequestException", /marked for deletion\?/],
      ["UnrecognizedClientException", /does not know the access key/],
    ] as const) {
      asked = [];
      const { code, stderr } = await plan(t, { secretsManager: ARN }, {}, refused(type));
      assert.equal(code, 2, stderr);
      assert.match(stderr, pattern);
      assert.ok(stderr.includes(`reading the key from the secret ${ARN}: `));
      assert.equal(asked.length, 1);
    }
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const { code, stderr } = await plan(t, { secretsManager: ARN }, none, refused("none"));
    assert.equal(code, 2, stderr);
    assert.match(stderr, /no AWS credentials were found/);
    const regionless = await plan(t, { secretsManager: "m" }, { AWS_REGION: undefined }, refused("none"));
    assert.equal(regionless.code, 2, regionless.stderr);
    assert.match(regionless.stderr, /no region is set; set AWS_REGION/);
  });
});
