// Dash has no file input: put one, and the form's token, into each empty slot of an upload form.
(function () {
  "use strict";

  function token() {
    const found = document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  function input(attributes) {
    const element = document.createElement("input");
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  }

  function fill(slot) {
    slot.append(
      input({
        type: "file",
        name: "paper",
        id: slot.dataset.id,
        accept: ".pdf,.jpg,.jpeg,.png",
        required: "",
        class: "form-control",
        "aria-describedby": slot.dataset.hint,
      }),
      input({ type: "hidden", name: "csrf_token", value: token() })
    );
  }

  function look() {
    document.querySelectorAll(".file-slot:empty").forEach(fill);
  }

  // What is too large is refused here: no megabytes go over a ship's line to be refused there.
  document.addEventListener("change", (event) => {
    const slot = event.target.closest(".file-slot");
    if (!slot) return;
    const [file] = event.target.files;
    event.target.setCustomValidity(file && file.size > slot.dataset.most ? slot.dataset.large : "");
    event.target.reportValidity();
  });
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("input[name=csrf_token]");
    if (field) field.value = token(); // as it stands now, not when the page was drawn
  });
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
