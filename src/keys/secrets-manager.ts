import type { Secret } from "../config/key.ts";
import { EXIT, failure, MasklineError, usageError } from "../errors.ts";
import type { Sought } from "./secret.ts";

/** A secret of AWS Secrets Manager, or one member of a secret that is a JSON object. */
type ManagedSecret = Extract<Secret, { secretsManager: string }>;

/** Attempts of the request, the first included, where AWS_MAX_ATTEMPTS does not say. */
const ATTEMPTS = 5;
/** Milliseconds until a connection must stand, and until an answer must be there. */
const CONNECT_TIMEOUT = 5_000;
const ANSWER_TIMEOUT = 20_000;

const CREDENTIALS = "check the AWS credentials and that they allow secretsmanager:GetSecretValue and kms:Decrypt";

/** Errors that a person has to put right, by AWS's names of them. */
const WRONG: Readonly<Record<string, string>> = {
  ResourceNotFoundException: "there is no such secret, or no such version of it; check name, region and stage",
  AccessDeniedException: `access denied; ${CREDENTIALS}`,
  DecryptionFailure: `it cannot be decrypted; ${CREDENTIALS}`,
  InvalidRequestException: "it cannot be read as it is; is it marked for deletion?",
  InvalidParameterException: "AWS does not take the request; check name and stage",
  ValidationException: "AWS does not take the request; check name and stage",
  CredentialsProviderError: `no AWS credentials were found; ${CREDENTIALS}`,
  TokenProviderError: `the AWS session has no valid token; ${CREDENTIALS}`,
  UnrecognizedClientException: `AWS does not know the access key; ${CREDENTIALS}`,
  InvalidSignatureException: `the secret key does not belong to the access key; ${CREDENTIALS}`,
  ExpiredTokenException: `the AWS session has expired; ${CREDENTIALS}`,
};

/**
 * The secret's bytes: text as UTF-8 without the space around it, or binary as it is. Region and credentials come from
 * the usual AWS variables and files; an ARN names its own region.
 * @throws MasklineError (exit 2) when it is not there, not allowed or not of that form, (exit 1) when AWS is down past
 * the retries. Messages have no text of AWS's or of the secret's: an answer that cannot be read would be quoted in them.
 */
export async function readSecret(
  { secretsManager: name, stage, field }: ManagedSecret,
  sought: Sought,
  source: string,
): Promise<Buffer> {
  const doing = `reading ${sought.name} from ${source}`;
  const { SecretsManagerClient, GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
  const region = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(name)?.[1];
  const client = new SecretsManagerClient({
    ...(region !== undefined && { region }),
    ...(process.env.AWS_MAX_ATTEMPTS ? {} : { maxAttempts: ATTEMPTS }),
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT, requestTimeout: ANSWER_TIMEOUT, throwOnRequestTimeout: true },
  });
  try {
    const command = new GetSecretValueCommand({ SecretId: name, VersionStage: stage });
    const { SecretString: text, SecretBinary: bytes } = await client.send(command);
    if (text !== undefined) return Buffer.from(memberOf(text, field, sought, doing).trim(), "utf8");
    if (bytes === undefined) throw usageError(`${doing}: it is empty`);
    if (field !== undefined) throw usageError(`${doing}: it is binary, so ${sought.setting}field has no meaning`);
    return Buffer.from(bytes);
  } catch (error) {
    throw explained(error, doing);
  } finally {
    client.destroy();
  }
}

/** The whole secret, or a member: consoles store JSON objects, whose text would be no key. */
function memberOf(text: string, field: string | undefined, { setting }: Sought, doing: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Its message would quote the secret.
  }
  const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
  if (field === undefined) {
    if (!isObject) return text;
    throw usageError(`${doing}: it is a JSON object; name its member in ${setting}field`);
  }
  if (!isObject) throw usageError(`${doing}: it is no JSON object, so ${setting}field has no meaning`);
  const member = Object.hasOwn(content as object, field) ? (content as Record<string, unknown>)[field] : undefined;
  if (typeof member !== "string") throw usageError(`${doing}: it has no text in its member ${field}`);
  return member;
}

function explained(error: unknown, doing: string): MasklineError {
  if (error instanceof MasklineError) return error;
  const {
    name = "",
    message = "",
    code,
    $metadata,
  } = error as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const wrong = WRONG[name] ?? (/region is missing/i.test(message) ? "no region is set; set AWS_REGION" : undefined);
  if (wrong) return usageError(`${doing}: ${wrong}`);
  const status = $metadata?.httpStatusCode;
  const said = [status, code ?? name].filter(Boolean).join(" ");
  if (status !== undefined && status >= 400 && status < 500 && status !== 429 && !/throttl/i.test(name)) {
    const refused = `${doing}: AWS refused the request (${said})`;
    return new MasklineError("ERR_FAILURE", EXIT.failure, refused, { stage: "configure" });
  }
  return failure(`${doing}: AWS Secrets Manager does not answer (${said}); run again later`, {
    stage: "configure",
  });
}
