// What every page does with scripts: times in the reader's zone, relative dates that stay fresh, copy buttons, the
// switch between light and dark, dialogs that ask before something that cannot be undone, and short pages as dialogs.
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function exact(date) {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  }).format(date);
}

function deadline(date) {
  const text = new Intl.DateTimeFormat("en-GB", {
    weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  }).format(date);
  const plain = text.replace(" at ", ", ").replace(/^(\p{L}+), /u, "$1 ");
  return zone === "UTC" ? plain : `${plain} (your time, ${zone})`;
}

// `ahead`: the server said "in …". Else a device whose clock is slow would put what has happened into the future.
function relative(date, ahead) {
  const passed = Math.round((Date.now() - date) / 1000);
  const seconds = ahead ? passed : Math.max(passed, 0);
  const size = Math.abs(seconds);
  if (size < 10) return "just now";
  if (seconds > 60 * 86400) {
    return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(date);
  }
  const days = Math.floor(size / 86400);
  const span = size < 60 ? `${size} s` : size < 3600 ? `${Math.floor(size / 60)} min`
    : size < 86400 ? `${Math.floor(size / 3600)} h` : days === 1 ? "1 day" : `${days} days`;
  return seconds > 0 ? `${span} ago` : `in ${span}`;
}

function refreshTimes(root) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const date = new Date(time.dateTime);
    time.textContent = relative(date, time.textContent.startsWith("in "));
    time.title = exact(date);
  }
  for (const time of root.querySelectorAll("time[data-deadline]")) {
    const date = new Date(time.dateTime);
    if (!time.title) time.title = time.textContent;
    time.textContent = deadline(date);
  }
}

function showCopyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

async function copy(button) {
  const label = button.firstChild;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "Copied";
  } catch {
    label.textContent = "Not copied";
  }
  setTimeout(() => { label.textContent = before; }, 2000);
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setUpThemeSwitch(button) {
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.setAttribute("aria-description", "Switches the colours of this page");
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try { localStorage.setItem("baton.theme", theme); } catch { /* stays for this page */ }
    name();
  });
  name();
}

function setUpConfirmation(form) {
  const dialog = document.getElementById(form.dataset.confirm);
  if (!dialog || !dialog.showModal) return;
  form.addEventListener("submit", (event) => {
    if (form.elements.confirmed) return;
    event.preventDefault();
    dialog.showModal();
  });
  dialog.querySelector("[data-confirm-no]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-confirm-yes]").addEventListener("click", () => {
    const confirmed = document.createElement("input");
    Object.assign(confirmed, { type: "hidden", name: "confirmed", value: "yes" });
    form.append(confirmed);
    form.requestSubmit();
  });
}

// Shows the part of another page that is marked `data-dialog-part` as a dialog on this one.
async function showAsDialog(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.append(document.adoptNode(page.querySelector("[data-dialog-part]")));
  dialog.setAttribute("aria-label", dialog.querySelector("h1").textContent);
  dialog.querySelector("[data-dialog-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function setUpDialog(form) {
  if (!window.HTMLDialogElement) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // The button stays enabled: the focus comes back to it when the dialog closes.
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    try {
      await showAsDialog(form.action);
    } catch {
      // The page itself says what is the matter.
      form.submit();
    }
    delete form.dataset.busy;
  });
}

function enliven(root) {
  refreshTimes(root);
  showCopyButtons(root);
  for (const form of root.querySelectorAll("form[data-confirm]")) setUpConfirmation(form);
  for (const form of root.querySelectorAll("form[data-dialog]")) setUpDialog(form);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
for (const button of document.querySelectorAll("[data-theme-switch]")) setUpThemeSwitch(button);
document.querySelector("[data-focus]")?.focus();
enliven(document);
setInterval(() => refreshTimes(document), 15000);
document.addEventListener("baton:fresh", (event) => enliven(event.target));
