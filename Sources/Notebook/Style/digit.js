/* Draw a digit, and a network reads it row by row: what it would answer after each.

   data: {model, examples: images of 28 × 28 in base64, a byte a pixel}. The model takes `image`
   [1, 28, 28] and gives `shares` [1, 28, 10]: after every row a probability for each digit. */
{
  const {html, svg, fixed, told, sentences, share} = unroll, size = 28;

  unroll.component("digit", (stage) => {
    stage.root.classList.add("digit");
    stage.hint(sentences(
      told("Draw a digit with a finger or the mouse, or take an example; then go back to see what the network made of it after each row. The bars are probabilities."),
      told("Whatever is drawn, it takes for one of the ten digits.")));
    stage.model = unroll.model(stage.data.model);
    const examples = stage.data.examples.map((text) =>
      Float64Array.from(atob(text), (sign) => sign.charCodeAt(0) / 255));
    let image = examples[0]?.slice() ?? new Float64Array(size * size);
    let shares = null, next = 1, parts, last = null;
    const paper = html("canvas", {width: size, height: size});

    /** Ink where the finger is: a soft dot, or a row of them from where it was. */
    function ink(x, y) {
      const [fromX, fromY] = last ?? [x, y], steps = Math.ceil(Math.hypot(x - fromX, y - fromY) * 2) || 1;
      for (let k = 1; k <= steps; k++) {
        const [cx, cy] = [fromX + (x - fromX) * k / steps, fromY + (y - fromY) * k / steps];
        for (let row = Math.max(0, Math.floor(cy - 2)); row <= Math.min(size - 1, cy + 2); row++) {
          for (let column = Math.max(0, Math.floor(cx - 2)); column <= Math.min(size - 1, cx + 2); column++) {
            const far = Math.hypot(column + 0.5 - cx, row + 0.5 - cy), place = row * size + column;
            image[place] = Math.max(image[place], Math.min(1, Math.max(0, 1.9 - far)));
          }
        }
      }
      last = [x, y];
      shares = null;
    }

    const drawing = stage.drawing(told("A digit, and what the network makes of it"), (drawing, width) => {
      const side = Math.min(280, width * 0.52), left = side + 34, wide = width - left - 46;
      const picture = svg("image", {width: side, height: side, class: "paper", preserveAspectRatio: "none"});
      const frame = svg("rect", {width: side, height: side, class: "frame"},
        svg("title", {}, told("draw here with a finger or the mouse")));
      const read = svg("line", {x1: 0, x2: side + 8, class: "read"});
      const unread = svg("rect", {width: side, class: "unread-rows"});
      drawing.append(picture, unread, read, frame);
      const high = side / 10;
      const bars = Array.from({length: 10}, (_, digit) => {
        const y = digit * high;
        const bar = svg("rect", {x: left, y: y + 2, height: high - 4, class: "share"}, svg("title"));
        const number = svg("text", {x: width, y: y + high / 2 + 4, "text-anchor": "end", class: "value small"});
        drawing.append(svg("text", {x: left - 8, y: y + high / 2 + 5, "text-anchor": "end"}, digit), bar, number);
        return {bar, number};
      });
      // How sure it was of its answer, row by row.
      const top = side + 22, tall = 54;
      const sure = svg("polyline", {class: "sure"}), mark = svg("line", {y1: top, y2: top + tall, class: "read"});
      drawing.append(
        svg("line", {x1: 0, x2: width, y1: top + tall, y2: top + tall, class: "grid"}),
        svg("line", {x1: 0, x2: width, y1: top, y2: top, class: "grid"}),
        svg("text", {x: 0, y: top - 5, class: "small"}, told("how sure of its answer, row by row, up to 1")), sure, mark);
      parts = {picture, read, unread, side, bars, wide, sure, mark, width, top, tall};
      stage.follow(frame, drawing, (x, y) => ink(x / side * size, y / side * size), () => { last = null; });
      return top + tall + 4;
    });

    const rows = stage.slider({
      label: told("rows read"), min: 1, max: size, value: size, text: (count) => told("%@ of %@", count, size),
    });
    const buttons = html("div", {class: "buttons"});
    stage.controls.append(buttons);
    buttons.append(
      stage.button(told("an empty sheet"), () => { image = new Float64Array(size * size); shares = null; }),
      stage.button(told("another example"), () => {
        image = examples[next++ % examples.length].slice();
        shares = null;
      }));

    /** The drawn image as the model's input. */
    stage.answer = (pixels) => stage.model({image: {shape: [1, size, size], data: pixels}}).shares.data;

    stage.onUpdate(() => {
      shares ??= stage.answer(image);
      const context = paper.getContext("2d"), pixels = context.createImageData(size, size);
      const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
      image.forEach((value, place) => {
        pixels.data.set(isDark ? [235, 238, 243, 255 * value] : [34, 37, 43, 255 * value], 4 * place);
      });
      context.putImageData(pixels, 0, 0);
      parts.picture.setAttribute("href", paper.toDataURL());
      const row = rows.value, {side, bars, wide, width, top, tall} = parts;
      const y = row / size * side;
      parts.read.setAttribute("y1", y);
      parts.read.setAttribute("y2", y);
      parts.unread.setAttribute("y", y);
      parts.unread.setAttribute("height", side - y);
      const now = shares.subarray((row - 1) * 10, row * 10), best = now.indexOf(Math.max(...now));
      bars.forEach(({bar, number}, digit) => {
        bar.setAttribute("width", Math.max(0.5, wide * now[digit]));
        bar.classList.toggle("best", digit === best);
        unroll.say(bar.firstChild, told("%@: %@", digit, fixed(now[digit], 3)));
        unroll.say(number, share(now[digit]));
      });
      parts.sure.setAttribute("points", Array.from({length: size}, (_, k) => {
        const most = Math.max(...shares.subarray(k * 10, k * 10 + 10));
        return `${((k + 1) / size * width).toFixed(1)},${(top + (1 - most) * tall).toFixed(1)}`;
      }).join(" "));
      parts.mark.setAttribute("x1", row / size * width);
      parts.mark.setAttribute("x2", row / size * width);
      stage.say(image.some((value) => value > 0)
        ? told("After %@ of %@ rows it would say %@, with probability %@.", row, size, best, share(now[best]))
        : told("The sheet is empty: draw a digit on it, large and in the middle."));
    });
  });
}
