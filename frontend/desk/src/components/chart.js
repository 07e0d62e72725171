// One chart, its table, and the way into its records. Trend = line, share = stacked bar, rank = horizontal bar, spread = strip inside the legal band.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

const MANY = 15; // bars of a rank that stand there at once
const COLOURS = ["#17497f", "#b87400", "#17633a", "#6b5b95", "#5d6a77"];
// Where a series means what a lamp means, it has the lamp's colour; each stands on its own pattern besides.
const LAMPS = { grey: "#aab4be", green: "#17633a", amber: "#e0a020", red: "#a3241f" };
const COUNTED = ["件", "个", "条", "次", "人"]; // no half ones on the axis
const TEXT = { color: "#1b2733", fontSize: 16, fontFamily: "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif" };

export default class Chart {
  constructor(node) {
    this.data = JSON.parse(document.querySelector(node.dataset.source).textContent);
    this.table(document.querySelector(`[data-chart-table="${node.dataset.source}"]`));
    if (this.data.series.every((one) => one.values.every((value) => value == null))) {
      node.className = "empty"; // axes without a point would look like zero
      node.textContent = "这段时间没有计入的办理，有了以后在这里画图。";
      return;
    }
    this.shown = this.data.labels.length;
    if (node.dataset.kind === "bar" && this.shown > MANY + 3) this.fold(node);
    this.size(node);
    this.chart = echarts.init(node, null, { renderer: "svg" });
    this.chart.setOption(this.options(node.dataset.kind));
    this.chart.on("click", ({ dataIndex }) => { const url = this.data.urls?.[dataIndex]; if (url) location.href = url; });
    new ResizeObserver(() => this.chart.resize()).observe(node);
  }

  // A rank of many bodies grows downwards, so that each keeps its name.
  size(node) {
    if (node.dataset.kind === "bar") node.style.height = `${Math.max(8, this.shown * 1.9 + 3)}rem`;
  }

  // A hundred bodies are three screens of bars: the first stand there, the others at a click; the table has them all.
  fold(node) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet more-rows";
    button.textContent = `再看 ${this.shown - MANY} 个`;
    button.addEventListener("click", () => {
      this.shown = this.data.labels.length;
      this.size(node);
      this.chart.resize();
      this.chart.setOption(this.options(node.dataset.kind));
      button.remove();
    });
    this.shown = MANY;
    node.after(button);
  }

  options(kind) {
    const { unit = "", bounds } = this.data;
    const labels = this.data.labels.slice(0, this.shown);
    const series = this.data.series.map((one) => ({ ...one, values: one.values.slice(0, this.shown) }));
    const names = { type: "category", data: labels, axisLabel: TEXT, axisTick: { show: false } };
    const lying = kind === "bar";
    const narrow = innerWidth < 480; // the value stands at the end of its bar; figures under it would run into each other
    const values = { type: "value", minInterval: COUNTED.includes(unit) ? 1 : 0, axisLabel: { ...TEXT, hideOverlap: true, show: !(lying && narrow) }, name: lying ? "" : unit, nameTextStyle: TEXT };
    // A few names on a phone are told all, in lines of two or three characters, rather than every third of them.
    const folded = narrow && labels.length < 9 && labels.every((label) => /\p{Script=Han}/u.test(label));
    const standing = folded ? { ...names, axisLabel: { ...TEXT, interval: 0, width: (innerWidth - 110) / labels.length, overflow: "break" } } : names;
    const shown = lying ? { ...names, inverse: true, axisLabel: { ...TEXT, interval: 0, width: Math.min(190, innerWidth * 0.38), overflow: "truncate" } } : standing;
    return {
      color: series.map((one, n) => LAMPS[one.lamp] ?? COLOURS[n % COLOURS.length]),
      textStyle: TEXT,
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      aria: { enabled: true, decal: { show: series.length > 1 } },
      tooltip: { trigger: kind === "strip" ? "item" : "axis", textStyle: { fontSize: 16 }, valueFormatter: (v) => (v == null ? "无数据" : `${v}${unit}`) },
      legend: { show: series.length > 1, textStyle: TEXT, top: 0 },
      grid: { left: 8, right: lying ? 76 : 16, top: series.length > 1 ? (narrow && unit && !lying ? 60 : 40) : unit && !lying ? 32 : 12, bottom: 8, containLabel: true },
      xAxis: lying ? values : shown,
      yAxis: lying ? shown : values,
      series: series.map((one) => ({
        name: one.name,
        data: kind === "strip" ? one.values.flatMap((many, x) => [].concat(many).map((y) => [x, y])) : one.values,
        type: { line: "line", strip: "scatter" }[kind] ?? "bar",
        stack: kind === "stack" ? "all" : undefined,
        barMaxWidth: 28,
        symbolSize: 8,
        connectNulls: false, // a month without cases is a gap, not a line through it
        label: { show: lying && series.length === 1, position: "right", formatter: ({ value }) => `${value ?? ""}${unit}`, ...TEXT },
        markArea: bounds ? { silent: true, itemStyle: { color: "rgba(23,73,127,.08)" }, data: [[{ yAxis: bounds[0] }, { yAxis: bounds[1] }]] } : undefined,
      })),
    };
  }

  table(table) {
    if (!table) return;
    const { labels, series, urls, unit = "" } = this.data;
    const cell = (tag, text, url, right) => {
      const td = document.createElement(tag);
      if (right) td.className = "number";
      if (url) { const a = document.createElement("a"); a.href = url; a.textContent = text; td.append(a); } else td.textContent = text;
      return td;
    };
    const head = document.createElement("tr");
    head.append(cell("th", ""), ...series.map((one) => cell("th", unit ? `${one.name}（${unit}）` : one.name, null, true)));
    const rows = labels.map((label, n) => {
      const row = document.createElement("tr");
      row.append(cell("td", label, urls?.[n]), ...series.map((one) => cell("td", [].concat(one.values[n] ?? "—").join("、"), null, true)));
      return row;
    });
    const thead = document.createElement("thead");
    thead.append(head);
    const body = document.createElement("tbody");
    body.append(...rows);
    table.replaceChildren(thead, body);
  }
}
