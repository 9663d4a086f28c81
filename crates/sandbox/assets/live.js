// Keeps the parts of a page that are marked data-live up to date. Without it the page reloads itself.
(() => {
  "use strict";
  const parts = () => document.querySelectorAll("[data-live]");
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  async function refresh() {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const next = fresh.getElementById(part.id);
      if (!next || next.innerHTML === part.dataset.seen) continue;
      part.dataset.seen = next.innerHTML;
      const ticked = [...part.querySelectorAll("input:checked")].map((box) => box.value);
      const lists = [...part.querySelectorAll("select[aria-label]")].filter((list) => list.selectedIndex > 0);
      const chosen = new Map(lists.map((list) => [list.ariaLabel, list.value]));
      part.replaceChildren(...next.childNodes);
      for (const box of part.querySelectorAll("input[type=checkbox]")) box.checked = ticked.includes(box.value);
      for (const list of part.querySelectorAll("select[aria-label]")) {
        // Whoever was moved on has another list of stages.
        const before = chosen.get(list.ariaLabel);
        if ([...list.options].some((option) => option.value === before)) list.value = before;
      }
    }
  }

  async function follow() {
    let version = Number(document.body.dataset.version);
    for (const part of parts()) part.dataset.seen = part.innerHTML;
    for (;;) {
      try {
        const answer = await fetch(`/control/version?after=${version}`);
        const next = (await answer.json()).version;
        if (next !== version) {
          version = next;
          await refresh();
        }
        await pause(300);
      } catch {
        await pause(2000);
      }
    }
  }

  if (parts().length > 0) follow();
})();
