import { FREE_TEXT, fields, type PresetRule, TEXT } from "./preset.ts";

/**
 * PCI DSS v4.0.1 for data that leaves production: no live card number (6.5.5), nothing that authenticates one (3.3.1),
 * and no two forms of one that could be put together (3.5.1): nothing of a number is kept, and none becomes a token.
 */
export const pciDss: readonly PresetRule[] = [
  { looks: "authentication", mask: "drop", clause: "PCI DSS 3.3.1" },
  ...fields("pin pinCode pinNumber cardPin pinBlock", { mask: "drop", clause: "PCI DSS 3.3.1.3" }),
  { looks: "card", mask: "pan", options: { keep: "none" }, clause: "PCI DSS 3.4.1, 3.5.1, 6.5.5" },
  // Lint refuses what would weaken these: salted-hash of a card number is PCI DSS 3.5.1.1.
  { looks: "expiry", mask: "drop", clause: "PCI DSS 3.2.1" },
  ...fields("cardHolder cardHolderName nameOnCard", {
    mask: "token",
    options: { domain: "person" },
    clause: "PCI DSS 3.2.1",
  }),
  ...FREE_TEXT.map((field) => ({ field, kinds: TEXT, mask: "scan", clause: "PCI DSS 3.3.1, 3.4.1" })),
];
