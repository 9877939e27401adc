// Reads cards (a JSON list) from stdin and prints, for each, what Microsoft's own renderer finds wrong with it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

function faults(payload) {
  const card = new AdaptiveCard();
  const context = new SerializationContext(Versions.v1_5);
  card.parse(payload, context);
  const parsed = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const validated = card.validateProperties().validationEvents.map((event) => event.message);
  return [...parsed, ...validated];
}

const cards = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cards.map(faults)));
