@_exported import Forecasting
@_exported import ONNX
@_exported import PyTorch
@_exported import TextModels
// Training brings Arrays, Autograd, NN, Optim and Sequences with it.
@_exported import Training
