/**
 * A real S3 server for tests: Ceph's RADOS Gateway with one monitor and one OSD that keeps its data in memory, all
 * on loopback ports of their own, in a directory of its own.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";

export interface S3Server {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Keys that objects can be encrypted with by SSE-KMS; none where the server is not ours. */
  readonly kmsKeys: readonly string[];
  /** The AWS_* variables that lead a client here, and away from anything of the machine's. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes a bucket; its name is given back. */
  makeBucket(name: string): Promise<string>;
  /** Kills the server and removes its directory. */
  stop(): Promise<void>;
}

/** Why S3 tests are skipped where `startS3()` gives null. */
export const S3_SKIPPED =
  "no S3 server: install radosgw, ceph-mon, ceph-osd and ceph-common, or name an endpoint in MASKLINE_TEST_S3";

const PACKAGES = ["radosgw", "ceph-mon", "ceph-osd", "ceph-common"];
const PROGRAMS = ["radosgw", "ceph-mon", "ceph-osd", "ceph", "monmaptool", "radosgw-admin"];
const ATTEMPTS = 3;
const KMS_KEYS = ["testkey-1", "testkey-2"] as const;
const READY_WITHIN = 60_000;
const run = promisify(execFile);

/**
 * Starts a server. Without Ceph, root on Debian installs it; elsewhere the server named by `MASKLINE_TEST_S3` is used
 * with the credentials of the environment.
 * @returns null when there is no server to be had; in CI (`CI=true`) that is an error
 */
export async function startS3(): Promise<S3Server | null> {
  if (!installed()) await install();
  if (installed()) return startGateway();
  const endpoint = process.env.MASKLINE_TEST_S3;
  if (endpoint) return remoteServer(endpoint);
  if (process.env.CI === "true") throw new Error(S3_SKIPPED);
  return null;
}

function installed(): boolean {
  const folders = (process.env.PATH ?? "").split(":").concat("/usr/bin", "/usr/sbin");
  return PROGRAMS.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}

async function install(): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return;
  process.stderr.write(`S3 tests: installing ${PACKAGES.join(", ")} with apt-get\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Test files run at the same time: one installs, the others wait for it and find nothing to do.
  const apt = (...args: string[]) =>
    run("flock", [join(tmpdir(), "maskline-apt.lock"), "apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", ...args], {
      env,
      maxBuffer: 64 << 20,
    });
  try {
    await apt("update");
    await apt("install", "-y", "--no-install-recommends", ...PACKAGES);
  } catch (error) {
    process.stderr.write(`S3 tests: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function startGateway(): Promise<S3Server> {
  sweep();
  for (let attempt = 1; ; attempt++) {
    const gateway = new Gateway();
    try {
      await gateway.start();
      return {
        ...serverAt(gateway.endpoint, gateway.accessKeyId, gateway.secretAccessKey, () => gateway.stop()),
        kmsKeys: KMS_KEYS,
      };
    } catch (error) {
      const logs = gateway.logs();
      await gateway.stop();
      // Another process may have taken a port between our asking for it and the daemon's binding it.
      if (attempt >= ATTEMPTS) throw new Error(`the S3 server did not start:\n${logs}`, { cause: error });
    }
  }
}

class Gateway {
  readonly accessKeyId = `test${randomBytes(8).toString("hex")}`;
  readonly secretAccessKey = randomBytes(20).toString("hex");
  readonly #directory = mkdtempSync(join(tmpdir(), `maskline-s3-${process.pid}-`));
  readonly #children: ChildProcess[] = [];
  readonly #config = join(this.#directory, "ceph.conf");
  readonly #atExit = () => this.#kill();
  #port = 0;
  #dead: Error | undefined;

  constructor() {
    process.once("exit", this.#atExit);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const [monitorPort, port] = await freePorts(2);
    this.#port = port!;
    const fsid = randomUUID();
    const osd = randomUUID();
    for (const folder of ["mon", "osd", "run"]) mkdirSync(join(this.#directory, folder));
    writeFileSync(this.#config, configuration(this.#directory, fsid, monitorPort!, port!));
    const monmap = join(this.#directory, "monmap");
    await run("monmaptool", ["--create", "--fsid", fsid, "--addv", "a", `[v2:127.0.0.1:${monitorPort}]`, monmap]);
    await this.#tool("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap);
    this.#daemon("ceph-mon", "-f", "-i", "a");
    await this.#tool("ceph", "--connect-timeout", "20", "osd", "new", osd, "0");
    await this.#tool("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", osd);
    this.#daemon("ceph-osd", "-f", "-i", "0");
    this.#daemon("radosgw", "-f", "-n", "client.rgw");
    await this.#answers();
    const keys = ["--access-key", this.accessKeyId, "--secret-key", this.secretAccessKey];
    await this.#tool("radosgw-admin", "user", "create", "--uid", "test", "--display-name", "test", ...keys);
  }

  #tool(program: string, ...args: string[]): Promise<unknown> {
    return run(program, ["-c", this.#config, ...args], { timeout: READY_WITHIN });
  }

  #daemon(program: string, ...args: string[]): void {
    const output = openSync(join(this.#directory, `${program}.out`), "w");
    const command = [program, "-c", this.#config, ...args];
    // The kernel kills it when this process dies, however it dies.
    if (hasSetpriv()) command.unshift(...DIE_WITH_ME);
    const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", output, output] });
    closeSync(output);
    child.once("error", (error) => {
      this.#dead ??= error;
    });
    child.once("exit", (code, signal) => {
      this.#dead ??= new Error(`${program} ended: ${signal ?? code}`);
    });
    child.unref();
    this.#children.push(child);
  }

  async #answers(): Promise<void> {
    for (const end = Date.now() + READY_WITHIN; ; await sleep(20)) {
      if (this.#dead) throw this.#dead;
      if (Date.now() > end) throw new Error(`no answer within ${READY_WITHIN} ms`);
      const answer = await fetch(this.endpoint).catch(() => null);
      await answer?.body?.cancel();
      if (answer) return;
    }
  }

  logs(): string {
    const files = readdirSync(this.#directory).filter((name) => name.endsWith(".out"));
    return files.map((name) => `${name}: ${readFileSync(join(this.#directory, name), "utf8").slice(-2000)}`).join("\n");
  }

  async stop(): Promise<void> {
    const alive = this.#children.filter((child) => child.pid && child.exitCode === null && child.signalCode === null);
    for (const child of alive) child.ref();
    const ended = alive.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    this.#kill();
    await Promise.all(ended);
    process.off("exit", this.#atExit);
  }

  #kill(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function configuration(directory: string, fsid: string, monitorPort: number, port: number): string {
  return `[global]
fsid = ${fsid}
mon host = v2:127.0.0.1:${monitorPort}/0
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc secure
run dir = ${directory}/run
admin socket =
log file = ${directory}/run/$name.log
log to stderr = false
crash dir = ${directory}/run
mon data = ${directory}/mon
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 2000
mon cluster log file = ${directory}/run/cluster.log
paxos propose interval = 0.05
osd data = ${directory}/osd
osd objectstore = memstore
memstore device bytes = ${1 << 30}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd class dir = ${classes()}
osd class load list = *
osd class default list = *
rgw data = ${directory}/run
rgw frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw enable usage log = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = ${KMS_KEYS.map((key) => `${key}=${randomBytes(32).toString("base64")}`).join(" ")}
rgw crypt require ssl = false
`;
}

/** Debian has it in a folder of the architecture's name. */
function classes(): string {
  const folders = readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "rados-classes"));
  return folders.find((folder) => existsSync(folder)) ?? "/usr/lib/rados-classes";
}

const DIE_WITH_ME = ["setpriv", "--pdeathsig", "KILL", "--"];
let setpriv: boolean | undefined;
function hasSetpriv(): boolean {
  if (setpriv === undefined) {
    try {
      execFileSync(DIE_WITH_ME[0]!, [...DIE_WITH_ME.slice(1), "true"], { stdio: "ignore" });
      setpriv = true;
    } catch {
      setpriv = false;
    }
  }
  return setpriv;
}

/** Ports that were free a moment ago, distinct from one another. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    if (address && typeof address === "object") ports.push(address.port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Removes directories that killed test processes left. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^maskline-s3-(\d+)-/.exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function remoteServer(endpoint: string): S3Server {
  const accessKeyId = process.env.AWS_ACCESS_KEY_ID ?? "";
  const secretAccessKey = process.env.AWS_SECRET_ACCESS_KEY ?? "";
  return serverAt(endpoint, accessKeyId, secretAccessKey, () => Promise.resolve());
}

function serverAt(endpoint: string, accessKeyId: string, secretAccessKey: string, stop: () => Promise<void>): S3Server {
  const region = "us-east-1";
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    endpoint,
    accessKeyId,
    secretAccessKey,
    region,
    kmsKeys: [],
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    makeBucket: async (name) => {
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    stop: async () => {
      client.destroy();
      await stop();
    },
  };
}
