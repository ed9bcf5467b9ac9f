"""Writes Sources/Exercises/golden.json: for each exercise arguments and PyTorch's results.

    python generate_workbook.py

Gradients are PyTorch's autograd's, of formulas that are written out here where PyTorch has no such
operation. float64; a fixed seed.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(20)
cases = {}


def randn(*shape):
    return torch.randn(*shape)


def case(name, **values):
    arrays = {}
    for key, value in values.items():
        tensor = torch.as_tensor(value).detach()
        arrays[key] = {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}
    cases[name] = arrays


def leaf(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_()


# tanh and its slope
x = torch.tensor([0.0, 0.5, -1.25, 3.0], requires_grad=True)
y = torch.tanh(x)
y.sum().backward()
case("tanh-derivative", x=x, value=y, slope=x.grad)

z = randn(3, 4)
case("softmax", z=z, p=torch.softmax(z, dim=1))

z, targets = leaf(3, 4), torch.tensor([2, 0, 3])
loss = F.cross_entropy(z, targets)
loss.backward()
case("cross-entropy", z=z, targets=targets, loss=loss, gradient=z.grad)

# (x0 · tanh(x0 · x1 + x2))², every node of it
x = leaf(3)
nodes = [x[0] * x[1]]
nodes.append(nodes[0] + x[2])
nodes.append(torch.tanh(nodes[1]))
nodes.append(x[0] * nodes[2])
nodes.append(nodes[3] * nodes[3])
for node in nodes:
    node.retain_grad()
nodes[-1].backward()
gradients = list(x.grad) + [node.grad for node in nodes]
case("autograd", x=x, values=torch.stack(nodes), gradients=torch.stack(gradients))

cell = torch.nn.RNNCell(3, 4)
x, h = randn(2, 3), randn(2, 4)
case("rnn-step", x=x, h=h, output=cell(x, h), **dict(cell.named_parameters()))


def rnn(steps, batch, size, hidden):
    layer = torch.nn.RNN(size, hidden)
    x, h0 = randn(steps, batch, size), leaf(batch, hidden)
    states, _ = layer(x, h0[None])
    return layer, x, h0, states


layer, x, h0, states = rnn(4, 2, 3, 2)
case(
    "rnn-sequence", x=x, h0=h0, output=states, weight_ih=layer.weight_ih_l0,
    weight_hh=layer.weight_hh_l0, b=layer.bias_ih_l0 + layer.bias_hh_l0,
)

layer, x, h0, states = rnn(4, 2, 3, 2)
g = randn(4, 2, 2)
(states * g).sum().backward()
case(
    "bptt", x=x, h0=h0, g=g, h=states, weight_ih=layer.weight_ih_l0, weight_hh=layer.weight_hh_l0,
    d_weight_ih=layer.weight_ih_l0.grad, d_weight_hh=layer.weight_hh_l0.grad,
    d_b=layer.bias_ih_l0.grad, d_h0=h0.grad,
)

x, g, w = randn(8), randn(8), torch.tensor(0.9, requires_grad=True)
h, loss = torch.tensor(0.0), 0.0
for t in range(8):
    if t % 3 == 0:
        h = h.detach()
    h = torch.tanh(x[t] + w * h)
    loss = loss + g[t] * h
loss.backward()
case("truncated-bptt", x=x, g=g, w=w, k=3.0, gradient=w.grad)

parameters = [leaf(2, 3), leaf(4)]
for parameter in parameters:
    parameter.grad = randn(*parameter.shape)
before = [parameter.grad.clone() for parameter in parameters]
torch.nn.utils.clip_grad_norm_(parameters, 0.75)
# PyTorch divides by the norm + 1e-6: taken back, the equation's own result.
norm = torch.cat([b.flatten() for b in before]).norm()
factor = (norm + 1e-6) / norm
case(
    "clip-by-norm", g1=before[0], g2=before[1], largest=0.75,
    clipped1=parameters[0].grad * factor, clipped2=parameters[1].grad * factor,
)

cell = torch.nn.LSTMCell(3, 2)
x, h, c = randn(2, 3), randn(2, 2), randn(2, 2)
h_n, c_n = cell(x, (h, c))
case(
    "lstm-step", x=x, h=h, c=c, weight_ih=cell.weight_ih, weight_hh=cell.weight_hh,
    b=cell.bias_ih + cell.bias_hh, h_n=h_n, c_n=c_n,
)

cell = torch.nn.LSTMCell(3, 2)
x, h, c = leaf(2, 3), leaf(2, 2), leaf(2, 2)
h_n, c_n = cell(x, (h, c))
dh, dc = randn(2, 2), randn(2, 2)
((h_n * dh).sum() + (c_n * dc).sum()).backward()
case(
    "lstm-backward", x=x, h=h, c=c, weight_ih=cell.weight_ih, weight_hh=cell.weight_hh,
    b=cell.bias_ih + cell.bias_hh, dh=dh, dc=dc, d_x=x.grad, d_h=h.grad, d_c=c.grad,
    d_weight_ih=cell.weight_ih.grad, d_weight_hh=cell.weight_hh.grad, d_b=cell.bias_ih.grad,
)

a, c, w_i, w_f, w_o = randn(3, 8), randn(3, 2), randn(2), randn(2), randn(2)
i, f, candidate, o = a.chunk(4, dim=1)
c_n = torch.sigmoid(f + w_f * c) * c + torch.sigmoid(i + w_i * c) * torch.tanh(candidate)
h_n = torch.sigmoid(o + w_o * c_n) * torch.tanh(c_n)
case("peephole", a=a, c=c, w_i=w_i, w_f=w_f, w_o=w_o, h_n=h_n, c_n=c_n)

cell = torch.nn.GRUCell(3, 2)
x, h = randn(2, 3), randn(2, 2)
case("gru-step", x=x, h=h, output=cell(x, h), **dict(cell.named_parameters()))

x, h, W, U, b = randn(2, 3), randn(2, 2), randn(6, 3), randn(6, 2), randn(6)
p = F.linear(x, W, b)
r, z = torch.sigmoid(p[:, :4] + F.linear(h, U[:4])).chunk(2, dim=1)
n = torch.tanh(p[:, 4:] + F.linear(r * h, U[4:]))
case("gru-reset-before", x=x, h=h, W=W, U=U, b=b, output=(1 - z) * n + z * h)

layer = torch.nn.RNN(3, 2, num_layers=3)
x, h0 = randn(4, 2, 3), randn(3, 2, 2)
output, h_n = layer(x, h0)
weights = {}
for index in range(3):
    for name in ["weight_ih", "weight_hh"]:
        weights[f"{name}_l{index}"] = getattr(layer, f"{name}_l{index}")
    weights[f"b_l{index}"] = getattr(layer, f"bias_ih_l{index}") + getattr(layer, f"bias_hh_l{index}")
case("deep", x=x, h0=h0, output=output, h_n=h_n, **weights)

layer = torch.nn.RNN(3, 2, bidirectional=True)
x = randn(4, 2, 3)
output, h_n = layer(x)
weights = {}
for ours, theirs in [("_f", "_l0"), ("_b", "_l0_reverse")]:
    for name in ["weight_ih", "weight_hh"]:
        weights[name + ours] = getattr(layer, name + theirs)
    weights["b" + ours] = getattr(layer, "bias_ih" + theirs) + getattr(layer, "bias_hh" + theirs)
case("bidirectional", x=x, output=output, h_n=h_n, **weights)

sequences = [randn(2), randn(1), randn(5), randn(3)]
packed = torch.nn.utils.rnn.pack_sequence(sequences, enforce_sorted=False)
case(
    "packing", numbers=packed.data, batch_sizes=packed.batch_sizes, order=packed.sorted_indices,
    **dict(zip("abcd", sequences)),
)

states, lengths = randn(5, 3, 2), torch.tensor([2, 4, 1])
case("last-step", states=states, lengths=lengths, last=states[lengths - 1, torch.arange(3)])

parameter = torch.tensor(0.7, requires_grad=True)
gradients, values = randn(6) * 0.01, []
optimizer = torch.optim.Adam([parameter], lr=0.1)
for gradient in gradients:
    parameter.grad = gradient.clone()
    optimizer.step()
    values.append(parameter.item())
case("adam", parameter=0.7, gradients=gradients, rate=0.1, values=values)

first, second = -torch.rand(2), -torch.rand(5)
case(
    "perplexity", first=first, second=second,
    perplexity=torch.exp(-torch.cat([first, second]).mean()),
)

scores = torch.tensor([-1.5, -0.6, 0.9, 0.1, 0.3, 1.2])
kept = torch.full((6,), -torch.inf)
top = scores.topk(3)
kept[top.indices] = top.values
case(
    "sampling", scores=scores, temperature=1.7, k=3.0, u=0.5, p=torch.softmax(kept / 1.7, dim=0)
)

q, k, v = randn(2, 4), randn(5, 4), randn(5, 3)
mask = (torch.arange(5) < 3)[None, :].expand(2, 5)
context = F.scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=mask[None])[0]
weights = torch.softmax((q @ k.T / 2).masked_fill(~mask, -torch.inf), dim=1)
case("attention", q=q, k=k, v=v, length=3.0, context=context, weights=weights)

logs, target = torch.log_softmax(randn(8, 4), dim=1), torch.tensor([2, 2, 3])
loss = F.ctc_loss(
    logs[:, None], target[None], torch.tensor([8]), torch.tensor([3]), reduction="sum"
)
case("ctc", logs=logs, target=target, loss=loss)

path = pathlib.Path(__file__).parents[2] / "Sources/Exercises/golden.json"
lines = []
for name, arrays in cases.items():
    body = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in arrays.items())
    lines.append(f"  {json.dumps(name)}: {{\n{body}\n  }}")
path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
