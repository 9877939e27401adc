// Lets the text of a sealed box dissolve before the eyes, then takes it out of the page.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const LONGEST = 900; // milliseconds

/** Empties the box at once; what was in it drifts apart on top of it, where motion is welcome. */
export async function dissolve(box) {
  const words = box.value.split(/(\s+)/);
  const place = box.getBoundingClientRect();
  const scrolled = box.scrollTop;
  box.value = "";
  if (still.matches) return;
  const paper = document.createElement("div");
  paper.className = "paper";
  paper.setAttribute("aria-hidden", "true");
  const around = box.offsetParent.getBoundingClientRect();
  paper.style.left = `${place.left - around.left}px`;
  paper.style.top = `${place.top - around.top + box.offsetParent.scrollTop}px`;
  paper.style.width = `${place.width}px`;
  paper.style.height = `${place.height}px`;
  for (const word of words) {
    const piece = document.createElement("span");
    piece.textContent = word;
    piece.style.setProperty("--late", `${Math.random() * 380}ms`);
    piece.style.setProperty("--drift", `${(Math.random() - 0.5) * 26}px`);
    piece.style.setProperty("--turn", `${(Math.random() - 0.5) * 16}deg`);
    paper.append(piece);
  }
  box.after(paper);
  paper.scrollTop = scrolled;
  await new Promise((done) => setTimeout(done, LONGEST));
  paper.remove();
}
