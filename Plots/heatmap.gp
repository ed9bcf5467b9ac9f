# A matrix as colored cells: the first row on top, no grid over the colors, a slim color bar.
unset grid
set border 0
set tics scale 0
set colorbox user origin graph 1.025, graph 0 size graph 0.022, graph 1 noborder
set cbtics offset -0.5,0
set rmargin 12
