// Lets cards of the pipeline be dragged into another stage. Without it each card has a button.
(() => {
  "use strict";
  const columnOf = (event) => event.target.closest?.("[data-stage]");
  const unmark = () => document.querySelectorAll(".column.over").forEach((column) => column.classList.remove("over"));

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-opportunity]");
    if (card) event.dataTransfer.setData("text/plain", card.dataset.opportunity);
  });

  document.addEventListener("dragover", (event) => {
    const column = columnOf(event);
    if (!column) return;
    event.preventDefault();
    if (column.classList.contains("over")) return;
    unmark();
    column.classList.add("over");
  });

  document.addEventListener("dragend", unmark);

  document.addEventListener("drop", async (event) => {
    const column = columnOf(event);
    const opportunity = event.dataTransfer.getData("text/plain");
    if (!column || !opportunity) return;
    event.preventDefault();
    unmark();
    const body = new URLSearchParams({ stage_id: column.dataset.stage });
    const address = `/lever/opportunities/${encodeURIComponent(opportunity)}/move`;
    // The board shows what came of it: it follows what happens.
    await fetch(address, { method: "POST", body, redirect: "manual" });
  });
})();
