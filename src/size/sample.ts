import type { ObjectPlan, Plan } from "../input/plan.ts";

/** Parts of one round at most: each is a small object on the main thread before it starts. */
const MOST_PARTS = 4_096;

/**
 * The objects that are measured, one or many times over: together `bytes` of output, the objects with the most rows
 * first. Their row groups take the most memory.
 */
export function samplePlan(plan: Plan, bytes: number): Plan {
  const largest = plan.objects.filter(({ input }) => input.rows > 0).toSorted((a, b) => b.input.rows - a.input.rows);
  const objects: ObjectPlan[] = [];
  let expected = 0;
  let parts = 0;
  while (largest.length > 0 && expected < bytes && parts < MOST_PARTS) {
    const next = largest[objects.length % largest.length]!;
    objects.push(next);
    expected += next.expectedBytes;
    parts += next.parts.length;
  }
  return {
    ...plan,
    objects,
    rows: objects.reduce((sum, { input }) => sum + input.rows, 0),
    bytes: objects.reduce((sum, { input }) => sum + input.object.size, 0),
  };
}
