// The same protocol as tools/bench_quality_peers.py: reads {"text"} lines, writes {"said", "ms", "mb"} lines.
// What write-good makes of a text is how many suggestions it has; more of them is worse, so the number is negative.
const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1000; };
const held = () => process.memoryUsage().rss / 2 ** 20;
const tell = (what) => process.stdout.write(JSON.stringify(what) + "\n");

const before = held();
const start = cpu();
const suggest = require("write-good");
tell({ load_ms: cpu() - start });
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { text } = JSON.parse(line);
  const start = cpu();
  const said = -suggest(text).length;
  tell({ said, ms: cpu() - start, mb: held() - before });
});
