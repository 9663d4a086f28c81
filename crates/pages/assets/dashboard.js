// Keeps what is on the page fresh: fetches the page again and replaces the parts marked `data-live` that changed.
// Stands still while the page is hidden, and leaves a part alone while somebody works in it.
"use strict";

const LIVE_EVERY = 5000;
let failures = 0;

// Relative dates move by themselves; they are no news.
function news(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) {
    time.textContent = "";
    time.removeAttribute("title");
  }
  for (const button of copy.querySelectorAll("[data-copy]")) button.hidden = true;
  for (const fold of copy.querySelectorAll("details")) fold.open = false;
  return copy.innerHTML;
}

function replaceChanged(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!next || part.contains(document.activeElement) || news(part) === news(next)) continue;
    part.replaceChildren(...next.childNodes);
    part.dispatchEvent(new CustomEvent("baton:fresh", { bubbles: true }));
  }
}

async function refresh() {
  const answer = await fetch(location.href, {
    // The header tells the server that nobody is at work: such a call does not keep a session alive.
    headers: { accept: "text/html", "x-baton-refresh": "1" },
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  replaceChanged(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

async function tick() {
  if (!document.hidden) {
    try {
      await refresh();
      failures = 0;
    } catch {
      failures += 1;
    }
  }
  setTimeout(tick, LIVE_EVERY * Math.min(2 ** failures, 24));
}

if (document.querySelector("[data-live]")) setTimeout(tick, LIVE_EVERY);
