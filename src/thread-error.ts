import { EXIT, MasklineError, messageOf, type Stage } from "./errors.ts";

/** Errors do not keep their class over a thread's edge. */
export interface Failed {
  readonly failed: {
    readonly code: string;
    readonly exit: number;
    readonly message: string;
    readonly stage: Stage;
    readonly retryable: boolean;
  };
}

/** @param doing begins the message of an error that is none of ours */
export function failed(error: unknown, doing: string, stage: Stage): Failed {
  if (error instanceof MasklineError) {
    const { code, exit, message, stage, retryable } = error;
    return { failed: { code, exit, message, stage, retryable } };
  }
  const message = `${doing}: ${messageOf(error)}`;
  return { failed: { code: "ERR_WORKER", exit: EXIT.failure, message, stage, retryable: true } };
}

/** An error that came over a thread's edge, with its class again. */
export function restored({ failed }: Failed): MasklineError {
  const { code, exit, message, stage, retryable } = failed;
  return new MasklineError(code, exit, message, { stage, retryable });
}

/** What came over a thread's edge. @throws MasklineError in place of a failure */
export function unwrapped<T>(result: T | Failed): T {
  if (typeof result === "object" && result !== null && "failed" in result) throw restored(result);
  return result as T;
}
