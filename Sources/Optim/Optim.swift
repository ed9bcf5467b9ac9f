// Replaced by the first real file of Optim.
