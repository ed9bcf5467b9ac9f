# Boxes, circles and arrows on a plane without axes, both directions in the same unit.
unset grid
unset border
unset tics
unset key
set size ratio -1
set lmargin 1
set rmargin 1
set bmargin 0.5
set style arrow 1 head filled size screen 0.011, 18 lc rgb ink lw 2.5
set style arrow 2 nohead lc rgb ink lw 2.5
