/* Windows over a series: how wide, how far apart, how far ahead, and what leaks when windows are drawn for
   validation that have neighbors among those learned from.

   data: {values, unit, keys: a random number for each window that there may be, width, stride,
   horizon}. A fifth is for validation: of the series, or of the windows, those with the least keys. */
{
  const {svg, fixed, say, told, sentences, breadth} = unroll;

  /** The windows, each with its first place and whether it is for validation. */
  function cut({values, keys}, width, stride, horizon, isSplit) {
    const border = Math.floor(values.length * 4 / 5), windows = [];
    const add = (from, to, isHeldOut) => {
      for (let start = from; start + width + horizon <= to; start += stride) {
        windows.push({start, isHeldOut});
      }
    };
    if (isSplit) {
      add(0, border, false);
      add(border, values.length, true);
    } else {
      add(0, values.length, false);
      const order = [...windows.keys()].sort((a, b) => keys[a] - keys[b]);
      for (const place of order.slice(0, Math.floor(windows.length / 5))) {
        windows[place].isHeldOut = true;
      }
    }
    return windows;
  }

  /** The places of the series that windows of both kinds look at, as input or as target. */
  function leaked(windows, reach) {
    const seen = [false, true].map((isHeldOut) => new Set(windows
      .filter((window) => window.isHeldOut === isHeldOut)
      .flatMap(({start}) => Array.from({length: reach}, (_, step) => start + step))));
    return [...seen[1]].filter((place) => seen[0].has(place)).sort((a, b) => a - b);
  }

  unroll.component("windows", (stage) => {
    const {data} = stage, {values} = data;
    stage.root.classList.add("windows");
    stage.hint(told("Each bar is a window: the faint part is read, the strong part is to be forecast. Change how they are cut, and see which values both kinds of windows hold."));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const rows = 240;
    let parts;
    stage.drawing(told("The series, and below it the windows cut from it"), (drawing, width) => {
      const wide = width / values.length, high = 136;
      const x = (place) => place * wide;
      const y = (value) => 24 + (most - value) / (most - least || 1) * (high - 32);
      const line = svg("polyline", {
        class: "series",
        points: values.map((value, place) => `${x(place + 0.5).toFixed(1)},${y(value).toFixed(1)}`).join(" "),
      });
      const dots = values.map((value, place) => svg("circle", {
        cx: x(place + 0.5), cy: y(value), r: Math.min(4, Math.max(2.2, wide / 3)),
      }, svg("title")));
      const bands = svg("g");
      drawing.append(
        svg("text", {x: 0, y: 12, class: "small"}, told("%@, %@ steps: from %@ to %@", told(data.unit), values.length,
          fixed(least, 1), fixed(most, 1))),
        line, ...dots, bands,
        svg("line", {x1: 0, x2: width, y1: high + 4, y2: high + 4, class: "grid"}));
      parts = {x, wide, dots, bands, high};
      const key = [
        ["learned", told("to learn from")], ["held", told("for validation")], ["leak", told("seen by both")],
      ];
      let left = 0;
      for (const [kind, name] of key) {
        drawing.append(svg("rect", {x: left, y: high + rows + 14, width: 14, height: 8, class: `key ${kind}`}),
          svg("text", {x: left + 19, y: high + rows + 23, class: "small"}, name));
        left += 34 + breadth(name, 6.1, 12.5);
      }
      return high + rows + 30;
    });

    const steps = (count) => count === 1 ? told("1 step") : told("%@ steps", count);
    const width = stage.slider({label: told("width"), min: 2, max: 24, value: data.width, text: steps});
    const stride = stage.slider({label: told("stride"), min: 1, max: 12, value: data.stride, text: steps});
    const horizon = stage.slider({
      label: told("horizon"), min: 1, max: 12, value: data.horizon, text: (count) => told("%@ ahead", steps(count)),
    });
    const order = stage.choice({
      label: told("order"), options: [told("cut, then shuffle"), told("split, then cut")],
    });

    stage.onUpdate(() => {
      const reach = width.value + horizon.value, isSplit = order.value === 1;
      const windows = cut(data, width.value, stride.value, horizon.value, isSplit);
      const both = leaked(windows, reach), isLeak = new Set(both);
      stage.counts = {windows: windows.length, leaked: both.length};
      const {x, wide, dots, bands, high} = parts;
      const thick = Math.min(14, rows / Math.max(1, windows.length));
      bands.replaceChildren(...windows.flatMap(({start, isHeldOut}, row) => {
        const top = high + 8 + row * thick, kind = isHeldOut ? "held" : "learned";
        const thin = Math.max(0.8, thick - (thick > 3 ? 1.5 : 0.3));
        return [
          svg("rect", {x: x(start), y: top, width: width.value * wide, height: thin, class: `input ${kind}`}),
          svg("rect", {
            x: x(start + width.value), y: top, width: horizon.value * wide, height: thin,
            class: `target ${kind}`,
          }),
        ];
      }));
      dots.forEach((dot, place) => {
        dot.classList.toggle("leak", isLeak.has(place));
        const value = told("%@: %@", told(data.unit), fixed(values[place]));
        say(dot.firstChild, isLeak.has(place) ? told("%@, seen by both", value) : value);
      });
      const held = windows.filter((window) => window.isHeldOut).length;
      stage.say(sentences(
        told("%@ windows of %@ and their %@ after: %@ to learn from, %@ for validation.",
          windows.length, width.value, steps(horizon.value), windows.length - held, held),
        both.length ? told("%@ of %@ values are seen by both: they leak.", both.length, values.length)
          : told("No value is seen by both."),
        isSplit && !held && told("The last fifth is too short for a window.")));
    });
  });
}
