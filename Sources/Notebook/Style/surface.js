/* Two descents over the error of one recurrent unit, x = w σ(x₋) + b, from a start that is dragged: as it
   is, and with the gradient clipped.

   data: {steps, start, target, rate, updates, clip, w: [least, most], b: [least, most],
   from: [w, b], levels: the errors whose lines are drawn}. */
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

  /** The b at which the unit answers so much, as its answer grows with b: half of what is left is left
      out at a time. */
  function place({steps, start}, answer, w) {
    let low = -10, high = 10;
    for (let k = 0; k < 45; k++) {
      const b = (low + high) / 2;
      let x = start;
      for (let t = 0; t < steps; t++) x = w / (1 + Math.exp(-x)) + b;
      if (1 / (1 + Math.exp(-x)) < answer) low = b; else high = b;
    }
    return (low + high) / 2;
  }

  /** The lines of equal error, a b for each w: below the least error, and above it if an answer can be
      that much too large. */
  function contours(data, all) {
    return data.levels.flatMap((level) => [-1, 1].flatMap((side) => {
      const answer = data.target + side * Math.sqrt(level);
      return answer <= 0 || answer >= 1 ? []
        : [{level, isAbove: side > 0, places: all.map((w) => [w, place(data, answer, w)])}];
    }));
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
    stage.hint(told("Drag the start, or move it with the sliders: both descents begin there. Each dot is a step."));
    stage.lines = contours(data,
      Array.from({length: 41}, (_, k) => data.w[0] + k / 40 * (data.w[1] - data.w[0])));
    const range = (name, axis, value) => stage.slider({
      label: name, min: axis[0], max: axis[1], step: 0.01, value, text: (number) => fixed(number),
    });
    const w = range(told("start at w"), data.w, data.from[0]), b = range(told("start at b"), data.b, data.from[1]);
    const clip = stage.slider({
      label: told("clipped at"), min: -1.5, max: 1, step: 0.05, value: Math.log10(data.clip),
      text: (power) => told("a norm of %@", short(10 ** power, 2)),
    });
    // The unit answers 0 where it is too small altogether.
    const most = data.target ** 2;
    let parts;

    /** Red, green and blue for a share of the largest error, from the page's own colors. */
    function shades() {
      const style = getComputedStyle(document.documentElement);
      const [low, top] = ["--wash", "--sky"].map((name) => [1, 3, 5].map((k) =>
        parseInt(style.getPropertyValue(name).trim().slice(k, k + 2), 16)));
      return (share) => low.map((part, k) => part + Math.sqrt(share) * (top[k] - part));
    }

    /** The map: a pixel for each few of the page. */
    function picture(width, high) {
      const shade = shades();
      const canvas = unroll.html("canvas", {width: Math.ceil(width / 3), height: Math.ceil(high / 3)});
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(canvas.width, canvas.height);
      for (let row = 0; row < canvas.height; row++) {
        for (let column = 0; column < canvas.width; column++) {
          const value = error(data,
            data.w[0] + (column + 0.5) / canvas.width * (data.w[1] - data.w[0]),
            data.b[1] - (row + 0.5) / canvas.height * (data.b[1] - data.b[0])).value;
          pixels.data.set([...shade(Math.min(1, value / most)), 255], 4 * (row * canvas.width + column));
        }
      }
      context.putImageData(pixels, 0, 0);
      return canvas.toDataURL();
    }

    stage.drawing(told("The error over w and b, and two descents"), (drawing, width) => {
      const [left, below] = [40, 62], wide = width - left - 6, high = Math.min(420, 0.72 * width);
      const x = (w) => left + (w - data.w[0]) / (data.w[1] - data.w[0]) * wide;
      const y = (b) => 6 + (data.b[1] - b) / (data.b[1] - data.b[0]) * high;
      const id = `map-${stage.number}`;
      drawing.append(
        svg("defs", {}, svg("clipPath", {id}, svg("rect", {x: left, y: 6, width: wide, height: high}))),
        svg("image", {
          x: left, y: 6, width: wide, height: high, preserveAspectRatio: "none",
          href: picture(wide, high),
        }),
        svg("g", {"clip-path": `url(#${id})`}, stage.lines.map(({level, places}) => svg("polyline", {
          class: "contour", points: places.map(([w, b]) => `${x(w).toFixed(1)},${y(b).toFixed(1)}`).join(" "),
        }, svg("title", {}, told("error %@", fixed(level)))))));
      // Above the valley there is room for what the lines are.
      for (const {level, isAbove, places} of stage.lines) {
        const [w, b] = places[34];
        if (isAbove && b > data.b[0] + 0.05 && b < data.b[1] - 0.05) {
          drawing.append(svg("text", {
            x: x(w), y: y(b) + 4, "text-anchor": "middle", class: "small on-map",
          }, fixed(level)));
        }
      }
      // What the colors are.
      const scale = svg("linearGradient", {id: `${id}-scale`}), at = high + 55;
      for (let k = 0; k <= 10; k++) {
        scale.append(svg("stop", {
          offset: (k / 10) ** 2, "stop-color": `rgb(${shades()((k / 10) ** 2).map(Math.round)})`,
        }));
      }
      const named = told("error"), from = left + [...named].length * 8 + 22;
      drawing.append(svg("defs", {}, scale),
        svg("text", {x: left, y: at + 9, class: "small"}, `${named}  0`),
        svg("rect", {x: from, y: at, width: 120, height: 10, fill: `url(#${id}-scale)`, class: "scale"}),
        svg("text", {x: from + 126, y: at + 9, class: "small"}, fixed(most)));
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
        ["contour", told("equal error")],
      ].entries()) {
        drawing.append(
          svg("rect", {x: left + 10, y: 16 + 20 * k, width: 16, height: k < 2 ? 4 : 1, class: `key ${kind}`}),
          svg("text", {x: left + 32, y: 22 + 20 * k, class: "on-map"}, name));
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
        const text = told("longest step %@, error at the end %@", short(longest),
          short(error(data, ...path.at(-1)).value));
        const isInside = ([w, b]) => w >= data.w[0] && w <= data.w[1] && b >= data.b[0] && b <= data.b[1];
        return isInside(path.at(-1)) ? text : told("%@, outside the map", text);
      });
      const isSame = descents[0].every(([w, b], k) => w === descents[1][k][0] && b === descents[1][k][1]);
      stage.say(isSame ? told("No gradient is longer than %@, so that both are the same: %@.", short(limit, 2), ends[0])
        : told("Plain: %@. Clipped: %@.", ...ends));
    });
  });
}
