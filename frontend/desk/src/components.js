// Heavy parts come only to pages that have them.
export const components = {
  Chart: () => import("./components/chart.js"),
  Signature: () => import("./components/signature.js"),
  Upload: () => import("./components/upload.js"),
  Draft: () => import("./components/draft.js"),
  Copy: () => import("./components/copy.js"),
  Conditional: () => import("./components/conditional.js"),
  Print: () => import("./components/print.js"),
  Rows: () => import("./components/rows.js"),
  More: () => import("./components/more.js"),
  Selected: () => import("./components/selected.js"),
  Picker: () => import("./components/picker.js"),
};
