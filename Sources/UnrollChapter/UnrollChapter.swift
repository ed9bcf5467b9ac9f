// Training brings Arrays, Autograd, NN, Optim and Sequences with it.
@_exported import Datasets
@_exported import Notebook
@_exported import Training
@_exported import UnrollFigures
