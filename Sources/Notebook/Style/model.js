/* Runs a model in the page: the operations of its forward pass in their order, as the library told them,
   with its weights.

   A model is {constants: [{value, shape, type, base64, scales}], inputs: {name: value},
   outputs: {name: value}, nodes: [{op, from, to, …}]}, where a value is a number that stands for an array,
   and scales, of whole numbers, what each row is multiplied by. An array is {shape, data}, rows one after
   the other. */
unroll.model = (() => {
  const size = (shape) => shape.reduce((product, axis) => product * axis, 1);
  const array = (shape, data = new Float64Array(size(shape))) => ({shape, data});
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  /** The error function by its series. */
  const erf = (x) => {
    let sum = x, term = x;
    if (Math.abs(x) > 4) return Math.sign(x);
    for (let k = 1; k < 80; k++) {
      term *= -x * x / k;
      sum += term / (2 * k + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  };

  const map = (change) => ([x]) => [array(x.shape, Float64Array.from(x.data, change))];

  /** How far apart neighbors of each axis lie; 0 where a shape is stretched to a longer one. */
  function strides(shape, to = shape) {
    const steps = new Array(to.length).fill(0);
    for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
      if (shape[axis] > 1) steps[axis + to.length - shape.length] = step;
      step *= shape[axis];
    }
    return steps;
  }

  /** Calls `body` with the place in each array of every entry of a shape. */
  function walk(shape, steps, body) {
    const at = new Array(shape.length).fill(0), places = steps.map(() => 0);
    for (let left = size(shape), k = 0; k < left; k++) {
      body(k, ...places);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        steps.forEach((step, which) => { places[which] += step[axis]; });
        if (++at[axis] < shape[axis]) break;
        steps.forEach((step, which) => { places[which] -= step[axis] * shape[axis]; });
        at[axis] = 0;
      }
    }
  }

  const both = (a, b) => {
    const rank = Math.max(a.length, b.length), filled = (shape) => [...Array(rank - shape.length).fill(1), ...shape];
    const [left, right] = [filled(a), filled(b)];
    return left.map((axis, k) => axis === 1 ? right[k] : axis);
  };
  const pair = (join) => ([a, b]) => {
    const result = array(both(a.shape, b.shape));
    walk(result.shape, [strides(a.shape, result.shape), strides(b.shape, result.shape)],
      (k, i, j) => { result.data[k] = join(a.data[i], b.data[j]); });
    return [result];
  };

  function matmul([a, b]) {
    const [rows, inner, columns] = [a.shape.at(-2), a.shape.at(-1), b.shape.at(-1)];
    const batch = both(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const result = array([...batch, rows, columns]);
    walk(batch, [strides(a.shape.slice(0, -2), batch), strides(b.shape.slice(0, -2), batch)],
      (k, i, j) => {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            let sum = 0;
            for (let n = 0; n < inner; n++) {
              sum += a.data[(i * rows + row) * inner + n] * b.data[(j * inner + n) * columns + column];
            }
            result.data[(k * rows + row) * columns + column] = sum;
          }
        }
      });
    return [result];
  }

  /** An axis seen from outside: [how many before it, its own length, how many behind]. */
  const around = (shape, axis) =>
    [size(shape.slice(0, axis)), shape[axis], size(shape.slice(axis + 1))];

  /** For every line along an axis, its entries changed at once. */
  const lines = (change) => ([x], {axis}) => {
    const [before, length, behind] = around(x.shape, axis), result = array(x.shape);
    for (let i = 0; i < before; i++) {
      for (let j = 0; j < behind; j++) {
        const at = (k) => (i * length + k) * behind + j;
        change(Array.from({length}, (_, k) => x.data[at(k)]))
          .forEach((value, k) => { result.data[at(k)] = value; });
      }
    }
    return [result];
  };
  const softmax = (values) => {
    const most = Math.max(...values), powers = values.map((value) => Math.exp(value - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  };

  /** For every line along an axis one number. */
  const reduced = (reduce) => ([x], {axis}) => {
    const [before, length, behind] = around(x.shape, axis);
    const result = array(x.shape.toSpliced(axis, 1));
    for (let i = 0; i < before; i++) {
      for (let j = 0; j < behind; j++) {
        result.data[i * behind + j] =
          reduce(Array.from({length}, (_, k) => x.data[(i * length + k) * behind + j]));
      }
    }
    return [result];
  };

  /** Places of an axis. */
  function taken(x, axis, start, length) {
    const [before, whole, behind] = around(x.shape, axis);
    const result = array(x.shape.with(axis, length));
    for (let i = 0; i < before; i++) {
      const from = (i * whole + start) * behind;
      result.data.set(x.data.subarray(from, from + length * behind), i * length * behind);
    }
    return result;
  }

  function transposed([x], {axes}) {
    const steps = strides(x.shape), result = array(axes.map((axis) => x.shape[axis]));
    walk(result.shape, [axes.map((axis) => steps[axis])], (k, i) => { result.data[k] = x.data[i]; });
    return [result];
  }

  function concatenate(values, {axis}) {
    const shape = values[0].shape.with(axis, values.reduce((sum, {shape}) => sum + shape[axis], 0));
    const result = array(shape), [before, , behind] = around(shape, axis);
    let place = 0;
    for (let i = 0; i < before; i++) {
      for (const value of values) {
        const length = value.shape[axis] * behind;
        result.data.set(value.data.subarray(i * length, (i + 1) * length), place);
        place += length;
      }
    }
    return [result];
  }

  /** x Wᵀ + b over the last axis; W `[out, in]`. */
  function linear([x, weight, bias]) {
    const [outputs, inputs] = weight.shape, rows = x.data.length / inputs;
    const result = array([...x.shape.slice(0, -1), outputs]);
    const [from, to, w, b] = [x.data, result.data, weight.data, bias?.data];
    for (let row = 0; row < rows; row++) {
      for (let out = 0; out < outputs; out++) {
        let sum = b ? b[out] : 0;
        for (let k = 0, i = row * inputs, j = out * inputs; k < inputs; k++) sum += from[i + k] * w[j + k];
        to[row * outputs + out] = sum;
      }
    }
    return [result];
  }

  function embedding([ids, weight]) {
    const width = weight.shape[1], result = array([...ids.shape, width]);
    ids.data.forEach((id, k) => {
      result.data.set(weight.data.subarray(id * width, (id + 1) * width), k * width);
    });
    return [result];
  }

  function layerNorm([x, weight, bias], {width, eps}) {
    const result = array(x.shape);
    for (let row = 0; row < x.data.length; row += width) {
      const values = x.data.subarray(row, row + width);
      const mean = values.reduce((sum, value) => sum + value, 0) / width;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
      values.forEach((value, k) => {
        const scaled = (value - mean) / Math.sqrt(variance + eps);
        result.data[row + k] = scaled * (weight ? weight.data[k] : 1) + (bias ? bias.data[k] : 0);
      });
    }
    return [result];
  }

  /* The gates of a step from what the input and the state add to them, hidden units each; the new state
     is written over the old one. */
  const cells = {
    rnn: (input, state, [h], n, isReLU) => {
      for (let k = 0; k < n; k++) {
        const sum = input[k] + state[k];
        h[k] = isReLU ? Math.max(0, sum) : Math.tanh(sum);
      }
    },
    lstm: (input, state, [h, c], n) => {
      for (let k = 0; k < n; k++) {
        const sum = (gate) => input[gate * n + k] + state[gate * n + k];
        c[k] = sigmoid(sum(1)) * c[k] + sigmoid(sum(0)) * Math.tanh(sum(2));
        h[k] = sigmoid(sum(3)) * Math.tanh(c[k]);
      }
    },
    gru: (input, state, [h], n) => {
      for (let k = 0; k < n; k++) {
        const reset = sigmoid(input[k] + state[k]), keep = sigmoid(input[n + k] + state[n + k]);
        const candidate = Math.tanh(input[2 * n + k] + reset * state[2 * n + k]);
        h[k] = (1 - keep) * candidate + keep * h[k];
      }
    },
  };

  /** All layers and directions of a recurrent layer over a sequence. `from` holds the sequence, then for
      each layer and direction W_ih, W_hh, b_ih, b_hh, then the states to start from and lengths, as far
      as there are any. */
  function recurrent(values, node) {
    const {kind, layers, directions, hidden: n, batchFirst, isReLU, hasState, hasLengths} =
      node.recurrent;
    const parts = kind === "lstm" ? 2 : 1, weights = 4 * layers * directions;
    let x = batchFirst ? transposed([values[0]], {axes: [1, 0, 2]})[0] : values[0];
    const starts = hasState ? values.slice(1 + weights, 1 + weights + parts) : null;
    const lengths = hasLengths ? values.at(-1).data : null;
    const [time, batch] = x.shape;
    const last = Array.from({length: parts}, () => array([layers * directions, batch, n]));
    for (let layer = 0; layer < layers; layer++) {
      const output = array([time, batch, n * directions]);
      for (let direction = 0; direction < directions; direction++) {
        const place = layer * directions + direction;
        const [ih, hh, biasIH, biasHH] = values.slice(1 + 4 * place, 5 + 4 * place);
        const [input] = linear([x, ih, biasIH]), gates = ih.shape[0];
        for (let row = 0; row < batch; row++) {
          const length = lengths ? lengths[row] : time;
          const state = last.map((part, which) => {
            const own = part.data.subarray((place * batch + row) * n, (place * batch + row + 1) * n);
            if (starts) own.set(starts[which].data.subarray((place * batch + row) * n, (place * batch + row + 1) * n));
            return own;
          });
          for (let step = 0; step < length; step++) {
            const t = direction ? length - 1 - step : step, from = (t * batch + row) * gates;
            const fromState = linear([array([n], state[0]), hh, biasHH])[0].data;
            cells[kind](input.data.subarray(from, from + gates), fromState, state, n, isReLU);
            output.data.set(state[0], ((t * batch + row) * directions + direction) * n);
          }
        }
      }
      x = output;
    }
    return [batchFirst ? transposed([x], {axes: [1, 0, 2]})[0] : x, ...last];
  }

  const reshaped = (shape) => ([x], node) => [array(shape(x.shape, node), x.data)];

  const operations = {
    tanh: map(Math.tanh), sigmoid: map(sigmoid), relu: map((x) => Math.max(0, x)),
    softplus: map((x) => x > 30 ? x : Math.log1p(Math.exp(x))), silu: map((x) => x * sigmoid(x)),
    gelu: map((x) => x / 2 * (1 + erf(x / Math.SQRT2))),
    exp: map(Math.exp), log: map(Math.log), sqrt: map(Math.sqrt), abs: map(Math.abs),
    leakyReLU: ([x], {slope}) => map((value) => value > 0 ? value : slope * value)([x]),
    elu: ([x], {alpha}) => map((value) => value > 0 ? value : alpha * Math.expm1(value))([x]),
    add: pair((a, b) => a + b), subtract: pair((a, b) => a - b), multiply: pair((a, b) => a * b),
    divide: pair((a, b) => a / b), matmul,
    softmax: lines(softmax), logSoftmax: lines((values) => softmax(values).map(Math.log)),
    sum: reduced((values) => values.reduce((sum, value) => sum + value, 0)),
    mean: reduced((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    max: reduced((values) => Math.max(...values)),
    select: ([x], {axis, index}) => [array(x.shape.toSpliced(axis, 1),
      taken(x, axis, index < 0 ? index + x.shape[axis] : index, 1).data)],
    narrow: ([x], {axis, start, length}) => [taken(x, axis, start, length)],
    transposed, concatenate, linear, embedding, layerNorm, recurrent,
    unsqueeze: reshaped((shape, {axis}) => shape.toSpliced(axis, 0, 1)),
    flatten: reshaped((shape, {startAxis}) => [...shape.slice(0, startAxis), size(shape.slice(startAxis))]),
    float: ([x]) => [x],
    mask: ([x, lengths], {axis}) => {
      const result = array(x.shape.slice(0, 2));
      walk(result.shape, [[axis === 0 ? 1 : 0, axis === 1 ? 1 : 0], [axis === 0 ? 0 : 1, axis === 1 ? 0 : 1]],
        (k, t, row) => { result.data[k] = t < lengths.data[row] ? 1 : 0; });
      return [result];
    },
  };

  return ({constants, inputs, outputs, nodes}) => {
    const known = [];
    for (const {value, shape, type, base64, scales} of constants) {
      const data = unroll.decoded(base64, type).slice(0, size(shape));
      if (scales) {
        const units = unroll.decoded(scales, "float32"), width = size(shape.slice(1));
        for (let i = 0; i < data.length; i++) data[i] *= units[Math.floor(i / width)];
      }
      known[value] = array(shape, data);
    }
    /** From arrays by the inputs' names to arrays by the outputs' names. */
    return (given) => {
      const values = known.slice();
      for (const [name, value] of Object.entries(inputs)) values[value] = given[name];
      for (const node of nodes) {
        operations[node.op](node.from.map((value) => values[value]), node)
          .forEach((result, k) => { values[node.to[k]] = result; });
      }
      return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, values[value]]));
    };
  };
})();
