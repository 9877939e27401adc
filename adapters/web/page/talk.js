// Talks to the server: one request for each thing a person does, and a patient wait for letters.

const token = document.querySelector('meta[name="breather-token"]').content;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const texts = new Map(
  [...document.querySelector("#texts").content.querySelectorAll("[data-key]")].map((line) => [
    line.dataset.key,
    line.textContent,
  ]),
);

/** A sentence of the page's own, from the playbook. */
export const text = (key) => texts.get(key);

function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What to show for one thing a person did: {chat, dialog}, or {problem} with a sentence. Never throws. */
export async function ask(what) {
  const body = JSON.stringify({ ...what, id: name(), zone });
  for (const wait of [400, 1500, null]) {
    try {
      const answer = await fetch("do", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Breather-Token": token },
        body,
      });
      return answer.ok ? await answer.json() : { problem: await answer.text() };
    } catch {
      if (wait === null) return { problem: text("away") }; // the same id again is the same request
      await pause(wait);
    }
  }
}

/** Calls `show` for every letter, for as long as the page is open; stops when the page has become old. */
export async function letters(show) {
  for (let seen = 0; ; ) {
    try {
      const answer = await fetch(`letters?after=${seen}`, { headers: { "X-Breather-Token": token } });
      if (answer.status === 403) return;
      for (const letter of answer.ok ? await answer.json() : []) {
        seen = Math.max(seen, letter.number);
        show(letter);
      }
      if (!answer.ok) await pause(5000);
    } catch {
      await pause(5000);
    }
  }
}
