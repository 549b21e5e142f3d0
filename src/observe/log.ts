import pino, { type Logger } from "pino";

export type Log = Pick<Logger, "info" | "warn" | "error">;

/** How the log looks and where it goes. */
export interface LogOptions {
  /** Lines for people instead of JSON. */
  readonly pretty: boolean;
  readonly color: boolean;
  /** Warnings and errors only. */
  readonly quiet: boolean;
}

/** The log on standard error. Synchronous, so that the last line is written before the process ends. */
export async function openLog({ pretty: human, color, quiet }: LogOptions): Promise<Log> {
  const level = quiet ? "warn" : "info";
  if (!human) return json(level);
  const { default: pretty } = await import("pino-pretty");
  const stream = pretty({
    colorize: color,
    destination: 2,
    sync: true,
    ignore: "pid,hostname",
    singleLine: true,
    translateTime: "HH:MM:ss",
  });
  const log: Log = pino({ level }, stream);
  return log;
}

function json(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
