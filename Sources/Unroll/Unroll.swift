// Training brings Arrays, Autograd, NN, Optim and Sequences with it. They are not exported here a
// second time: so `ReduceLROnPlateau` is the callback, which hides the schedule of that name.
@_exported import Datasets
@_exported import Figures
@_exported import Notebook
@_exported import Training
