/* Two descents over the error of one recurrent unit, x = w σ(x₋) + b, from a start that is dragged: as it
   is, and with the gradient clipped.

   data: {steps, start, target, rate, updates, clip, w: [least, most], b: [least, most],
   from: [w, b]}. */
{
  const {svg, fixed, short, told} = unroll;

  /** The error after `steps` steps and its derivatives by w and b. */
  function error({steps, start, target}, w, b) {
    let x = start, dw = 0, db = 0;
    for (let t = 0; t < steps; t++) {
      const s = 1 / (1 + Math.exp(-x)), slope = w * s * (1 - s);
      dw = s + slope * dw;
      db = 1 + slope * db;
      x = w * s + b;
    }
    const s = 1 / (1 + Math.exp(-x)), outer = 2 * (s - target) * s * (1 - s);
    return {value: (s - target) ** 2, dw: outer * dw, db: outer * db};
  }

  /** The places that gradient descent visits. */
  function descend(data, [w, b], clip) {
    const path = [[w, b]];
    for (let update = 0; update < data.updates; update++) {
      const {dw, db} = error(data, w, b), norm = Math.hypot(dw, db);
      const scale = norm > clip ? clip / norm : 1;
      w -= data.rate * scale * dw;
      b -= data.rate * scale * db;
      path.push([w, b]);
    }
    return path;
  }

  unroll.component("surface", (stage) => {
    const {data} = stage;
    stage.root.classList.add("surface");
    const range = (name, axis, value) => stage.slider({
      label: name, min: axis[0], max: axis[1], step: 0.01, value, text: (number) => fixed(number),
    });
    const w = range(told("start at w"), data.w, data.from[0]), b = range(told("start at b"), data.b, data.from[1]);
    const clip = stage.slider({
      label: told("clipped at"), min: -1.5, max: 1, step: 0.05, value: Math.log10(data.clip),
      text: (power) => told("a norm of %@", short(10 ** power, 2)),
    });
    let parts;

    /** The map: a pixel for each few of the page, from the page's own colors. */
    function picture(width, high) {
      const style = getComputedStyle(document.documentElement);
      const color = (name) => [1, 3, 5].map((k) =>
        parseInt(style.getPropertyValue(name).trim().slice(k, k + 2), 16));
      const [low, top] = [color("--wash"), color("--sky")];
      const canvas = unroll.html("canvas", {width: Math.ceil(width / 3), height: Math.ceil(high / 3)});
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(canvas.width, canvas.height);
      for (let row = 0; row < canvas.height; row++) {
        for (let column = 0; column < canvas.width; column++) {
          const value = error(data,
            data.w[0] + (column + 0.5) / canvas.width * (data.w[1] - data.w[0]),
            data.b[1] - (row + 0.5) / canvas.height * (data.b[1] - data.b[0])).value;
          const share = Math.min(1, value / 0.49), place = 4 * (row * canvas.width + column);
          for (let k = 0; k < 3; k++) {
            pixels.data[place + k] = low[k] + Math.sqrt(share) * (top[k] - low[k]);
          }
          pixels.data[place + 3] = 255;
        }
      }
      context.putImageData(pixels, 0, 0);
      return canvas.toDataURL();
    }

    stage.drawing(told("The error over w and b, and two descents"), (drawing, width) => {
      const [left, below] = [40, 34], wide = width - left - 6, high = Math.min(420, 0.72 * width);
      const x = (w) => left + (w - data.w[0]) / (data.w[1] - data.w[0]) * wide;
      const y = (b) => 6 + (data.b[1] - b) / (data.b[1] - data.b[0]) * high;
      const id = `map-${stage.number}`;
      drawing.append(
        svg("defs", {}, svg("clipPath", {id}, svg("rect", {x: left, y: 6, width: wide, height: high}))),
        svg("image", {
          x: left, y: 6, width: wide, height: high, preserveAspectRatio: "none",
          href: picture(wide, high),
        }));
      for (let k = 0; k <= 4; k++) {
        const [atW, atB] = [data.w, data.b].map(([least, most]) => least + k / 4 * (most - least));
        drawing.append(
          svg("text", {x: x(atW), y: high + 22, "text-anchor": "middle", class: "small"}, fixed(atW, 1)),
          svg("text", {x: left - 6, y: y(atB) + (k === 4 ? 10 : 4), "text-anchor": "end", class: "small"},
            fixed(atB, 1)));
      }
      drawing.append(
        svg("text", {x: left + wide / 2, y: high + 38, "text-anchor": "middle", class: "name"}, "w"),
        svg("text", {x: 8, y: 6 + high * 3 / 8 + 4, class: "name"}, "b"));
      const paths = ["plain", "clipped"].map((name) => {
        const line = svg("polyline", {class: `path ${name}`}), dots = svg("g", {class: `path ${name}`});
        const end = svg("circle", {r: 5, class: `end ${name}`}, svg("title", {}, name === "plain" ? told("end of plain descent") : told("end of clipped descent")));
        drawing.append(svg("g", {"clip-path": `url(#${id})`}, line, dots, end));
        return {line, dots, end};
      });
      const grip = svg("g", {class: "grip"}, svg("circle", {r: 22, class: "reach"}),
        svg("circle", {r: 9}), svg("title", {}, told("where both descents start")));
      drawing.append(grip);
      for (const [k, [kind, name]] of [
        ["plain", told("plain descent")], ["clipped", told("clipped descent")],
      ].entries()) {
        drawing.append(
          svg("rect", {x: left + 10, y: 16 + 20 * k, width: 16, height: 4, class: `key ${kind}`}),
          svg("text", {x: left + 32, y: 22 + 20 * k}, name));
      }
      stage.follow(grip, drawing, (px, py) => {
        w.value = data.w[0] + (px - left) / wide * (data.w[1] - data.w[0]);
        b.value = data.b[1] - (py - 6) / high * (data.b[1] - data.b[0]);
      });
      parts = {x, y, paths, grip};
      return high + 6 + below;
    });

    stage.onUpdate(() => {
      const start = [w.value, b.value], limit = 10 ** clip.value;
      const descents = [descend(data, start, Infinity), descend(data, start, limit)];
      stage.descents = descents;
      parts.grip.setAttribute("transform", `translate(${parts.x(start[0])} ${parts.y(start[1])})`);
      const ends = descents.map((path, k) => {
        const {line, dots, end} = parts.paths[k];
        // What is thrown out of the map leaves it in a straight line.
        const far = (value) => Math.max(-1e4, Math.min(1e4, value)).toFixed(1);
        const places = path.map(([w, b]) => [far(parts.x(w)), far(parts.y(b))]);
        line.setAttribute("points", places.join(" "));
        if (dots.childElementCount !== places.length) {
          dots.replaceChildren(...places.map(() => svg("circle", {r: 2})));
        }
        places.forEach(([x, y], place) => {
          dots.children[place].setAttribute("cx", x);
          dots.children[place].setAttribute("cy", y);
        });
        end.setAttribute("cx", places.at(-1)[0]);
        end.setAttribute("cy", places.at(-1)[1]);
        const longest = Math.max(...path.slice(1).map(([w, b], place) =>
          Math.hypot(w - path[place][0], b - path[place][1])));
        return told("longest step %@, error at the end %@", short(longest),
          short(error(data, ...path.at(-1)).value));
      });
      stage.say(told("Plain: %@. Clipped: %@.", ...ends));
    });
  });
}
