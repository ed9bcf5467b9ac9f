# Small to large, light to dark in equal steps: pale yellow over green to dark blue.
set palette defined (0 '#fbfadf', 1 '#d3edc0', 2 '#8fd2b4', 3 '#46afb6', 4 '#2383b5', 5 '#215399', 6 '#14275e')
