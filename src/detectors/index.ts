import { account } from "./account.ts";
import { card } from "./card.ts";
import { cvv } from "./cvv.ts";
import { type Detector, type Hit, hitsIn } from "./detector.ts";
import { dob } from "./dob.ts";
import { email } from "./email.ts";
import { iban } from "./iban.ts";
import { ip } from "./ip.ts";
import { mrn } from "./mrn.ts";
import { phone } from "./phone.ts";
import { ssn } from "./ssn.ts";
import { track } from "./track.ts";
import { url } from "./url.ts";

/**
 * In the order they run: what an earlier one takes, a later one no longer sees. What holds others comes first (an address
 * in a URL, a card in a track), what its own digits prove before what words say, and phones, of which any digits may be
 * one, last.
 */
export const DETECTORS: readonly Detector[] = [url, email, track, iban, ip, ssn, card, cvv, dob, mrn, account, phone];

/** Sensitive authentication data: PCI DSS 3.3.1 lets it be kept nowhere, so a scan always looks for it. */
export const ALWAYS: readonly Detector[] = [track, cvv];

/** What tells who somebody is, or lets pay, wherever it stands. */
export const HARD: readonly Detector[] = [email, track, iban, ip, ssn, card, cvv, phone];

/** Every hard identifier of a text, in its order, without overlaps. */
export function hardIdentifiers(text: string): Hit[] {
  return hitsIn(text, HARD);
}
