/* A batch of sequences of unequal length, padded and packed, read step by step.

   data: {lengths, names}. */
{
  const {svg, told} = unroll;
  const colors = ["blue", "orange", "green", "purple", "vermilion", "sky"];

  unroll.component("packing", (stage) => {
    const {lengths} = stage.data, names = stage.data.names.map((name) => told(name)), most = Math.max(...lengths);
    const sorted = [...lengths.keys()].sort((a, b) => lengths[b] - lengths[a] || a - b);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    stage.root.classList.add("packing");
    let parts;
    stage.drawing(told("The batch, padded, and under it the same numbers packed"), (drawing, width) => {
      const left = Math.max(...names.map((name) => 7.2 * name.length)) + 10;
      const wide = Math.min(46, (width - left) / most), high = 26;
      const rows = lengths.map((length, sequence) => {
        const name = svg("text", {x: 0, y: high * 0.7}, names[sequence]);
        const cells = Array.from({length: most}, (_, step) => svg("rect", {
          x: left + step * wide + 1, y: 1, width: wide - 2, height: high - 2, rx: 4,
          class: step < length ? `real ${colors[sequence % colors.length]}` : "padding",
        }, svg("title", {}, step < length ? told("%@, step %@", names[sequence], step + 1) : told("padding"))));
        const row = svg("g", {}, name, ...cells);
        drawing.append(row);
        return {row, cells};
      });
      const frame = svg("rect", {y: -3, width: wide, height: high * lengths.length + 6, rx: 6, class: "frame"});
      drawing.append(frame);
      const top = high * lengths.length + 34, narrow = width / total;
      drawing.append(svg("text", {x: 0, y: top - 8, class: "small"}, told("packed, as it lies in memory:")));
      const flat = [];
      for (let step = 0; step < most; step++) {
        for (const sequence of sorted.filter((sequence) => lengths[sequence] > step)) {
          const cell = svg("rect", {
            x: flat.length * narrow + 0.5, y: top, width: Math.max(1, narrow - 1), height: high - 4,
            rx: Math.min(4, narrow / 3), class: `real ${colors[sequence % colors.length]}`,
          }, svg("title", {}, told("%@, step %@", names[sequence], step + 1)));
          drawing.append(cell);
          flat.push({cell, step});
        }
      }
      parts = {rows, frame, flat, left, wide, high};
      return top + high + 4;
    });
    const time = stage.slider({
      label: told("through time"), min: 0, max: most,
      text: (step) => step ? told("step %@ of %@", step, most) : told("the whole batch"),
    });
    const order = stage.choice({label: told("order"), options: [told("as they come"), told("longest first")]});

    stage.onUpdate(() => {
      const step = time.value, {rows, frame, flat, left, wide, high} = parts;
      const places = order.value ? sorted : [...lengths.keys()];
      places.forEach((sequence, place) => {
        const {row, cells} = rows[sequence];
        row.setAttribute("transform", `translate(0 ${place * high})`);
        cells.forEach((cell, k) => cell.classList.toggle("later", step > 0 && k >= step));
      });
      frame.setAttribute("visibility", step ? "visible" : "hidden");
      frame.setAttribute("x", left + (step - 1) * wide);
      for (const {cell, step: own} of flat) {
        cell.classList.toggle("later", step > 0 && own >= step);
        cell.classList.toggle("now", own === step - 1);
      }
      const running = lengths.filter((length) => length >= step).length;
      const done = flat.filter(({step: own}) => own < step).length;
      stage.counts = {running, packed: step ? done : total, padded: (step || most) * lengths.length};
      if (!step) {
        stage.say(told("%@ sequences of up to %@ steps: %@ rows when padded, %@ when packed.",
          lengths.length, most, lengths.length * most, total));
        return;
      }
      const block = places.map((sequence) => lengths[sequence] >= step);
      const isBlock = block.indexOf(false) === -1 || block.indexOf(false) > block.lastIndexOf(true);
      stage.say((isBlock ? told("Step %@: %@ of %@ sequences still run, one block of rows.", step, running, lengths.length)
        : told("Step %@: %@ of %@ sequences still run, with gaps between them: they must be put in order first.",
          step, running, lengths.length))
        + " " + told("Computed so far: %@ rows padded, %@ packed.", step * lengths.length, done));
    });
  });
}
