import { contactCenter } from "./presets/contact-center.ts";
import { genesysAnalytics } from "./presets/genesys-analytics.ts";
import { hipaaSafeHarbor } from "./presets/hipaa-safe-harbor.ts";
import { pciDss } from "./presets/pci-dss.ts";
import type { PresetRule } from "./presets/preset.ts";

/** Bundled rules by name. Where several presets match a leaf, the strictest decides, whichever is listed first. */
export const PRESETS = {
  "contact-center": contactCenter,
  "pci-dss": pciDss,
  "hipaa-safe-harbor": hipaaSafeHarbor,
  "genesys-analytics": genesysAnalytics,
} satisfies Readonly<Record<string, readonly PresetRule[]>>;
