// Starts emulate's Slack on a port, with one app, one team and one person; sends its events to an address.
// Usage: node emu.mjs PORT EVENTS_URL SEED_JSON. emulate has no public way to register an address for events.
import { readdirSync, readFileSync } from "node:fs";

const dist = new URL("./node_modules/emulate/dist/", import.meta.url);
const file = readdirSync(dist).find(
  (name) => /^dist-.*\.js$/.test(name) && readFileSync(new URL(name, dist), "utf8").includes("seedOAuthInstallation"),
);
const { slackPlugin } = await import(new URL(file, dist));
let hooks;
const register = slackPlugin.register;
slackPlugin.register = function (app, store, webhooks, ...rest) {
  hooks = webhooks;
  return register.call(this, app, store, webhooks, ...rest);
};
const { createEmulator } = await import("emulate");
const [port, target, seed] = [Number(process.argv[2]), process.argv[3], JSON.parse(process.argv[4])];
await createEmulator({
  service: "slack",
  port,
  baseUrl: `http://127.0.0.1:${port}`,
  seed: { slack: seed },
});
hooks.register({ url: target, events: ["*"], active: true, owner: "slack" });
process.on("SIGTERM", () => process.exit(0)); // nothing is kept, so there is nothing to close
console.log("ready");
