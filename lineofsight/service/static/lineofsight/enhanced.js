// Runs first in the body, before anything is painted: tells the sheet that
// scripts work, so that what a script will fold away never flashes open.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
