import { card } from "./card.ts";
import type { Detector } from "./detector.ts";
import { email } from "./email.ts";
import { phone } from "./phone.ts";
import { ssn } from "./ssn.ts";

/** In the order they run: what an earlier one takes, a later one no longer sees. */
export const DETECTORS: readonly Detector[] = [email, ssn, card, phone];
