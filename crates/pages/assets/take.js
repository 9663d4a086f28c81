// Answers save themselves. What the server has not yet acknowledged waits in this browser's storage, survives a
// closed page and a lost connection, and is sent again with growing pauses and as soon as the browser is online.
"use strict";

const form = document.getElementById("questionnaire");
const saveState = document.querySelector("[data-save-state]");
const countdown = document.querySelector("[data-countdown]");
const announcer = document.querySelector("[data-announce]");
const draftKey = `baton.answers.${form.dataset.draft}`;

// The answers that the server has not acknowledged, by field name.
let waiting = {};
let seq = Number(form.dataset.seq);
let savedAt = null;
let sending = null;
let failures = 0;
let timer = null;
let over = false;
// Why the server will not take an answer as it is; sending it again changes nothing until it is changed.
let refusal = null;

// --- The words that say how things stand ---------------------------------------------------------------------------

function announce(text) {
  if (announcer.textContent !== text) announcer.textContent = text;
}

function ago(date) {
  const seconds = Math.round((Date.now() - date) / 1000);
  if (seconds < 2) return "just now";
  return seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
}

function showState() {
  const unsent = Object.keys(waiting).length > 0;
  const state = refusal ? "refused" : unsent && (failures > 0 || !navigator.onLine) ? "kept" : unsent ? "saving" : savedAt ? "saved" : "idle";
  const words = {
    refused: refusal,
    kept: "Kept on this device, will be sent",
    saving: "Saving…",
    saved: `Saved ${savedAt ? ago(savedAt) : ""}`,
    idle: "Answers save themselves",
  };
  saveState.textContent = words[state];
  saveState.dataset.state = state;
}

// --- The answers ---------------------------------------------------------------------------------------------------

function valueOf(name) {
  const fields = [...form.elements].filter((field) => field.name === name);
  const picks = fields.some((field) => field.type === "radio" || field.type === "checkbox");
  return picks ? fields.filter((field) => field.checked).map((field) => field.value) : fields[0].value;
}

function fill(name, value) {
  for (const field of form.elements) {
    if (field.name !== name) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = value.includes(field.value);
    else field.value = value;
  }
}

function remember() {
  try {
    if (Object.keys(waiting).length) localStorage.setItem(draftKey, JSON.stringify({ seq, waiting }));
    else localStorage.removeItem(draftKey);
  } catch {
    // Storage may be switched off or full: answers still go to the server.
  }
}

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(draftKey) || "null");
    if (!kept) return;
    seq = Math.max(seq, kept.seq);
    waiting = kept.waiting;
    for (const [name, value] of Object.entries(waiting)) fill(name, value);
  } catch {
    waiting = {};
  }
}

function changed(name) {
  waiting[name] = valueOf(name);
  remember();
  showState();
}

// --- Sending -------------------------------------------------------------------------------------------------------

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(flush, delay);
}

// 1, 2, 4, … 30 seconds, each shortened by up to a quarter so that browsers do not come back all at once.
function pause() {
  return Math.min(1000 * 2 ** (failures - 1), 30000) * (1 - Math.random() / 4);
}

async function post(batch) {
  const answers = Object.fromEntries(Object.entries(batch).map(([name, value]) => [name.slice("answer.".length), value]));
  const body = JSON.stringify({ seq, answers });
  const answer = await fetch(form.dataset.save, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    // Lets the last save outlive the page; browsers refuse it above 64 KiB.
    keepalive: body.length < 15000,
    signal: AbortSignal.timeout(10000),
  });
  if ([404, 409, 410].includes(answer.status)) {
    over = true;
    location.reload();
  }
  refusal = answer.status === 422 ? (await answer.json()).message : null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Sends what waits (with `knock`, also when nothing does); true once the server has it all.
async function send(knock) {
  while ((knock || Object.keys(waiting).length) && !over) {
    const batch = { ...waiting };
    seq += 1;
    remember();
    const { kept, seq: newest } = await post(batch);
    seq = Math.max(seq, newest);
    if (!kept) continue;
    knock = false;
    for (const [name, value] of Object.entries(batch)) {
      if (JSON.stringify(waiting[name]) === JSON.stringify(value)) delete waiting[name];
    }
    savedAt = Date.now();
    remember();
  }
  return !over;
}

async function flush(knock = false) {
  clearTimeout(timer);
  sending ??= send(knock).then(() => {
    if (failures > 0) announce("Connected again. Your answers are saved.");
    failures = 0;
    return true;
  }, () => {
    if (refusal) {
      announce(refusal);
      return false;
    }
    failures += 1;
    if (failures === 1) announce("No connection. Your answers are kept on this device and will be sent.");
    if (!over) schedule(pause());
    return false;
  }).finally(() => {
    sending = null;
    showState();
  });
  return sending;
}

// --- Submitting ----------------------------------------------------------------------------------------------------

function unanswered() {
  return [...form.querySelectorAll(".question")].filter((section) => {
    const field = section.querySelector("[name^='answer.']");
    const value = valueOf(field.name);
    return Array.isArray(value) ? value.length === 0 : value.trim() === "";
  });
}

function ask(open) {
  const dialog = document.getElementById("unanswered");
  const count = open.length === 1 ? "1 question is" : `${open.length} questions are`;
  dialog.querySelector("[data-unanswered-heading]").textContent = `${count} unanswered`;
  dialog.querySelector("[data-unanswered-list]").replaceChildren(...open.map((section) => {
    const link = document.createElement("a");
    link.href = `#${section.id}`;
    link.textContent = `${section.querySelector(".number").firstChild.textContent.trim()}: ${section.querySelector("legend, label.prompt").textContent}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
      section.scrollIntoView();
      section.querySelector("[name^='answer.']").focus({ preventScroll: true });
    });
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  dialog.showModal();
}

function goOn() {
  const confirmed = document.createElement("input");
  Object.assign(confirmed, { type: "hidden", name: "confirmed", value: "yes" });
  form.append(confirmed);
  form.action = form.dataset.submit;
  form.submit();
}

// The form itself carries every answer; the flush before it finds out whether the server can be reached, so that
// nobody ends up on the browser's own error page.
async function submitNow() {
  if (await flush(true) || refusal) goOn();
  else document.getElementById("unreachable").showModal();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.hasAttribute("formaction")) {
    const open = unanswered();
    if (open.length) ask(open);
    else submitNow();
    return;
  }
  flush(true);
});

document.querySelector("[data-unanswered-back]").addEventListener("click", () => document.getElementById("unanswered").close());
document.querySelector("[data-unanswered-go]").addEventListener("click", () => {
  document.getElementById("unanswered").close();
  submitNow();
});
document.querySelector("[data-unreachable-back]").addEventListener("click", () => document.getElementById("unreachable").close());

// --- The countdown -------------------------------------------------------------------------------------------------

// The device's clock may be wrong: what counts is the server's time when the page was made, and how long ago that is.
const madeAt = Date.parse(form.dataset.now);
const endsAt = form.dataset.ends ? Date.parse(form.dataset.ends) : null;
const opened = Date.now();
let lastWords = "";

function left() {
  return Math.max(0, Math.ceil((endsAt - madeAt - (Date.now() - opened)) / 1000));
}

function inWords(seconds) {
  const minutes = Math.ceil(seconds / 300) * 5;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours && `${hours} ${hours === 1 ? "hour" : "hours"}`, rest && `${rest} minutes`].filter(Boolean);
  return `About ${parts.join(" ")} left`;
}

function showCountdown() {
  const seconds = left();
  if (seconds > 600) {
    const words = inWords(seconds);
    countdown.textContent = words;
    if (words !== lastWords && lastWords) announce(words);
    lastWords = words;
  } else {
    countdown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
    countdown.dataset.short = "";
    if ([600, 300, 60].includes(seconds)) announce(seconds === 60 ? "1 minute left" : `${seconds / 60} minutes left`);
  }
  if (seconds === 0) endOfTime();
}

async function endOfTime() {
  if (over) return;
  over = true;
  clearInterval(clock);
  announce("Your time is up. What you had saved is being submitted.");
  countdown.textContent = "Time is up";
  // The server submits what it has; a moment later this page shows that.
  setTimeout(() => location.reload(), 1500);
}

const clock = endsAt === null ? null : setInterval(showCountdown, 1000);
if (endsAt !== null) showCountdown();

// --- Begin ---------------------------------------------------------------------------------------------------------

form.addEventListener("input", (event) => {
  if (!event.target.name.startsWith("answer.")) return;
  changed(event.target.name);
  const picks = event.target.type === "radio" || event.target.type === "checkbox";
  if (failures === 0) schedule(picks ? 0 : 800);
});
addEventListener("online", () => flush());
addEventListener("offline", showState);
document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
recall();
if (Object.keys(waiting).length) flush();
showState();
setInterval(showState, 1000);
