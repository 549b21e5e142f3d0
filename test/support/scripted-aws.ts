/**
 * A server that answers looks at a bucket as AWS documents them (S3's API reference, STS GetCallerIdentity): a closed
 * bucket of the caller's account, but for what a test has otherwise.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export const OWN_ACCOUNT = "111122223333";
const REGION = "us-east-1";
export const OWNER_ID = "0f".repeat(32);

/** A subresource of a bucket, `head` for HEAD of the bucket, `caller` for STS. */
export type Asked =
  | "publicAccessBlock"
  | "policyStatus"
  | "policy"
  | "acl"
  | "encryption"
  | "versioning"
  | "head"
  | "caller";

export type Reply = { readonly status?: number; readonly body?: string } | "hang up";

export interface ScriptedAws {
  readonly endpoint: string;
  /** The variables that lead a client here. */
  readonly env: Readonly<Record<string, string>>;
  /** What came, in its order; a HEAD with the owner that it expects. */
  readonly asked: string[];
  /** Answers in place of the usual ones. */
  set(replies: Partial<Record<Asked, Reply>>): void;
  /** The account that the bucket is of. */
  owner: string;
  /** The bucket's region: what is signed for another one is sent on. */
  region: string;
  stop(): Promise<void>;
}

export function refusal(status: number, code: string): Reply {
  return { status, body: `<Error><Code>${code}</Code><Message>${code}</Message><RequestId>1</RequestId></Error>` };
}

export function blocks(on: boolean, last = on): Reply {
  const settings = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"].map(
    (name) => `<${name}>${on}</${name}>`,
  );
  const all = `${settings.join("")}<RestrictPublicBuckets>${last}</RestrictPublicBuckets>`;
  return { body: `<PublicAccessBlockConfiguration>${all}</PublicAccessBlockConfiguration>` };
}

/** @param grantees - beside the owner: a group's URI or a canonical id, and the permission */
export function acl(...grantees: readonly (readonly [grantee: string, permission: string])[]): Reply {
  const grant = ([grantee, permission]: readonly [string, string]): string => {
    const [type, element] = grantee.startsWith("http") ? ["Group", "URI"] : ["CanonicalUser", "ID"];
    const schema = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    const who = `<Grantee ${schema} xsi:type="${type}"><${element}>${grantee}</${element}></Grantee>`;
    return `<Grant>${who}<Permission>${permission}</Permission></Grant>`;
  };
  const grants = ([[OWNER_ID, "FULL_CONTROL"], ...grantees] as const).map(grant).join("");
  return {
    body: `<AccessControlPolicy><Owner><ID>${OWNER_ID}</ID></Owner><AccessControlList>${grants}</AccessControlList></AccessControlPolicy>`,
  };
}

const SENT_ON = "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>";

const CLOSED: Readonly<Record<Asked, Reply>> = {
  publicAccessBlock: blocks(true),
  policyStatus: refusal(404, "NoSuchBucketPolicy"),
  policy: refusal(404, "NoSuchBucketPolicy"),
  acl: acl(),
  encryption: {
    body:
      "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>" +
      "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
  },
  versioning: { body: "<VersioningConfiguration/>" },
  head: {},
  caller: {
    body:
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      `<Arn>arn:aws:sts::${OWN_ACCOUNT}:assumed-role/maskline/x</Arn><UserId>AROA:x</UserId><Account>${OWN_ACCOUNT}</Account>` +
      "</GetCallerIdentityResult></GetCallerIdentityResponse>",
  },
};

export async function startScriptedAws(): Promise<ScriptedAws> {
  let replies: Partial<Record<Asked, Reply>> = {};
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const what = askedOf(request);
    const expected = request.headers["x-amz-expected-bucket-owner"];
    asked.push(expected ? `${what} ${expected}` : what);
    const usual = replies[what] ?? CLOSED[what];
    const reply: Reply = expected && expected !== aws.owner ? { status: 403 } : usual;
    request.resume();
    if (what !== "caller" && !request.headers.authorization?.includes(`/${aws.region}/s3/`)) {
      response.setHeader("x-amz-bucket-region", aws.region);
      return response
        .writeHead(301, { "content-type": "application/xml" })
        .end(request.method === "HEAD" ? "" : SENT_ON);
    }
    if (reply === "hang up") request.socket.destroy();
    else response.writeHead(reply.status ?? 200, { "content-type": "application/xml" }).end(reply.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aws: ScriptedAws = {
    endpoint,
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "not-a-secret",
      AWS_REGION: REGION,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    asked,
    owner: OWN_ACCOUNT,
    region: REGION,
    set: (own) => {
      replies = own;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return aws;
}

function askedOf({ method, url = "" }: IncomingMessage): Asked {
  if (method === "POST") return "caller";
  if (method === "HEAD") return "head";
  const name = new URL(url, "http://localhost").searchParams.keys().next().value ?? "";
  if (!(name in CLOSED)) throw new Error(`nothing is scripted for ${method} ${url}`);
  return name as Asked;
}
