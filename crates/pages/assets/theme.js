// Runs before the page is drawn, so that nobody sees the wrong colours for a moment.
"use strict";
try {
  const theme = localStorage.getItem("baton.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off: then the system's colours stay.
}
